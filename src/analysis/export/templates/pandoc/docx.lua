-- The marks of the prose as Word styles, which reference.docx defines.

local STYLES = { addressee = 'Addressee', signature = 'Signature Block', docnumber = 'Document Number',
  ['draft-note'] = 'Draft Note' }

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr('', {}, { ['custom-style'] = style }))
end

local function marker(style) return styled({ pandoc.Para { pandoc.Str('') } }, style) end

function Div(div)
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
