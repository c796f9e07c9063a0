-- The marks of the prose and the pictures as calls of the functions in gongwen.typ.
-- Text reaches typst through pandoc's own escaping, or as a quoted string: never as code.

local BLOCKS = { addressee = true, signature = true, docnumber = true, annex = true, keep = true,
  ['with-next'] = true }
local NAMES = { ['draft-note'] = 'draft-note' }
local SPANS = { figure = 'unparted', gap = 'gap' }

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

local function raw(text) return pandoc.RawBlock('typst', text) end

local function saved(source)
  local mime, content = pandoc.mediabag.fetch(source)
  local extension = ({ ['image/svg+xml'] = 'svg', ['image/png'] = 'png', ['image/jpeg'] = 'jpg',
    ['image/gif'] = 'gif', ['image/webp'] = 'webp' })[mime:match('^[^;]+')]
  pandoc.system.make_directory('media', true)
  local path = 'media/' .. pandoc.utils.sha1(content) .. '.' .. extension
  local file = assert(io.open(path, 'wb'))
  file:write(content)
  file:close()
  return path
end

function Image(image)
  return pandoc.RawInline('typst',
    '#picture(' .. quoted(saved(image.src)) .. ', ' .. quoted(image.attributes.alt) .. ')')
end

function Figure(figure)
  local picture
  figure:walk { RawInline = function(inline) if inline.text:match('^#picture') then picture = inline.text end end }
  if not picture then return nil end
  local caption = pandoc.utils.stringify(figure.caption.long)
  return raw('#chart(' .. picture:gsub('^#', '') .. ', ' .. quoted(caption) .. ')')
end

function Math(formula)
  local text = pandoc.write(pandoc.Pandoc { pandoc.Plain { formula } }, 'typst'):gsub('%s+$', '')
  local display = formula.mathtype == 'DisplayMath' and 'block: true, ' or ''
  return pandoc.RawInline('typst', '#math.equation(' .. display .. 'alt: ' .. quoted(formula.text) .. ', ' .. text .. ')')
end

function Span(span)
  for _, class in ipairs(span.classes) do
    if SPANS[class] then
      span.content:insert(1, pandoc.RawInline('typst', '#' .. SPANS[class] .. '['))
      span.content:insert(pandoc.RawInline('typst', ']'))
      return span.content
    end
  end
end

function Div(div)
  -- 发文字号 and 签发人 stand on one line, left and right, where a report goes up to a higher office.
  if div.classes:includes('docnumber') and #div.content == 2 then
    return pandoc.Blocks { raw('#docnumber-and-issuer['), div.content[1], raw(']['), div.content[2], raw(']') }
  end
  for _, class in ipairs(div.classes) do
    if BLOCKS[class] or NAMES[class] then
      local blocks = pandoc.Blocks { raw('#' .. (NAMES[class] or class) .. '[') }
      blocks:extend(div.content)
      blocks:insert(raw(']'))
      return blocks
    end
  end
end

-- 附件 is set on a new page.
function Header(heading)
  if heading.classes:includes('new-page') then return { raw('#pagebreak(weak: true)'), heading } end
end

local function has_widths(tbl)
  for _, column in ipairs(tbl.colspecs) do
    if column[2] then return true end
  end
  return false
end

local function rows(tbl)
  local count = #tbl.head.rows
  for _, body in ipairs(tbl.bodies) do count = count + #body.body end
  return count
end

-- A page can be turned for a table of the document itself only, not within a list or a quotation.
function Pandoc(document)
  local blocks = pandoc.Blocks {}
  for _, block in ipairs(document.blocks) do
    if block.t == 'Table' and not has_widths(block) then
      blocks:extend { raw(('#fitted(%d, %d)['):format(#block.colspecs, rows(block))), block, raw(']') }
    else
      blocks:insert(block)
    end
  end
  document.blocks = blocks
  return document
end
