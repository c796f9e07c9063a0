-- The marks of the prose as Word styles, which reference.docx defines.

local STYLES = { addressee = 'Addressee', signature = 'Signature Block', docnumber = 'Document Number',
  ['draft-note'] = 'Draft Note' }

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr('', {}, { ['custom-style'] = style }))
end

local function marker(style) return styled({ pandoc.Para { pandoc.Str('') } }, style) end

-- 发文字号 and 签发人 stand on one line, left and right, where a report goes up to a higher office.
local function number_and_issuer(blocks)
  local line = pandoc.Inlines(blocks[1].content)
  line:insert(pandoc.RawInline('openxml', '<w:r><w:tab/></w:r>'))
  line:extend(blocks[2].content)
  return styled({ pandoc.Para(line) }, 'Document Number and Issuer')
end

function Div(div)
  if div.classes:includes('docnumber') and #div.content == 2 then return number_and_issuer(div.content) end
  if div.classes:includes('with-next') then return styled(div.content, 'Body Text with Next') end
  for _, class in ipairs(div.classes) do
    if STYLES[class] then return styled(div.content, STYLES[class]) end
    if class == 'annex' then
      -- The page is turned between these two, see word.py.
      local blocks = pandoc.Blocks { marker('Annex Start') }
      blocks:extend(div.content)
      blocks:insert(marker('Annex End'))
      return blocks
    end
  end
end

-- 附件 is set on a new page.
function Header(heading)
  if heading.classes:includes('new-page') then
    return { marker('New Page'), heading }
  end
end

function Span(span)
  if span.classes:includes('gap') then
    return pandoc.Span(span.content, pandoc.Attr('', {}, { ['custom-style'] = 'Gap' }))
  end
end

-- A picture alone on its line is not indented as a paragraph is.
function Para(paragraph)
  if #paragraph.content == 1 and paragraph.content[1].t == 'Image' then return styled({ paragraph }, 'Figure') end
end

function Image(image)
  if image.classes:includes('chart') then image.attributes.width = '100%' end
  return image
end
