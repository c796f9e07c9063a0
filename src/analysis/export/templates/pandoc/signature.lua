-- The end of a letter: text stays with its signature, and an annex (附件) after it starts on a new page.
local SHORT = 56 -- characters: what is longer may be parted from the signature

local function length(block) return utf8.len(pandoc.utils.stringify(block)) end

local function is_signature(block) return block.t == 'Div' and block.classes:includes('signature') end

local function keep(block) return pandoc.Div({ block }, pandoc.Attr('', { 'with-next' })) end

function Pandoc(document)
  local blocks, signed = document.blocks, false
  for position, block in ipairs(blocks) do
    if is_signature(block) and not signed then
      signed = true
      local last, before = blocks[position - 1], blocks[position - 2]
      if last and last.t == 'Para' then
        blocks[position - 1] = keep(last)
        if before and before.t == 'Para' and length(last) + length(before) <= SHORT then
          blocks[position - 2] = keep(before)
        end
      end
    elseif signed and block.t == 'Header' and block.level == 1 then
      block.classes:insert('new-page')
    end
  end
  return document
end
