-- The title stands in the metadata, the document number (发文字号) goes above it. Both formats print them here.
local function title_block(meta)
  if FORMAT:match('typst') then return pandoc.RawBlock('typst', '#document-title') end
  local lines = pandoc.Inlines {}
  for line in (pandoc.utils.stringify(meta['title-lines'])):gmatch('[^\n]+') do
    if #lines > 0 then lines:insert(pandoc.LineBreak()) end
    lines:insert(pandoc.Str(line))
  end
  return pandoc.Div({ pandoc.Para(lines) }, pandoc.Attr('', {}, { ['custom-style'] = 'Title' }))
end

function Pandoc(document)
  local number
  for position, block in ipairs(document.blocks) do
    if block.t == 'Div' and block.classes:includes('docnumber') then
      number = document.blocks:remove(position)
      break
    end
  end
  document.blocks:insert(1, title_block(document.meta))
  if number then document.blocks:insert(1, number) end
  return document
end
