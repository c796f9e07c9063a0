-- The end of a letter: text stays with its signature, and an annex (附件) after it starts on a new page.
-- 特此报告 and 附件 say nothing by themselves: the last paragraph of the text goes along, so that no page is without text.
local SHORT = 56 -- characters: a longer paragraph is text
local LONG = 224 -- characters, eight lines: a longer paragraph would leave too much of its page blank

local function length(block) return utf8.len(pandoc.utils.stringify(block)) end

local function is_signature(block) return block.t == 'Div' and block.classes:includes('signature') end

local function keep(block) return pandoc.Div({ block }, pandoc.Attr('', { 'with-next' })) end

function Pandoc(document)
  local blocks, signed = document.blocks, false
  for position, block in ipairs(blocks) do
    if is_signature(block) and not signed then
      signed = true
      for back = 1, 3 do
        local block = blocks[position - back]
        if not block or block.t ~= 'Para' or (back > 1 and length(block) > LONG) then break end
        blocks[position - back] = keep(block)
        if length(block) > SHORT then break end
      end
    elseif signed and block.t == 'Header' and block.level == 1 then
      block.classes:insert('new-page')
    end
  end
  return document
end
