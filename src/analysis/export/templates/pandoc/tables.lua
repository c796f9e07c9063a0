-- pandas shows a frame as an HTML table, which other writers drop: read it as a table.
function RawBlock(raw)
  if raw.format ~= 'html' then return nil end
  local document = pandoc.read(raw.text:gsub('<style.->.-</style>', ''), 'html')
  -- Only what pandoc understands is kept: paragraphs, lists, tables.
  local blocks = pandoc.Blocks{}
  for _, block in ipairs(document.blocks) do
    if block.t == 'Div' then blocks:extend(block.content) else blocks:insert(block) end
  end
  return blocks
end
