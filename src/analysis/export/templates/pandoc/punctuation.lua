-- A figure is a box that no line breaks inside. To the line breaker a box is a thing of its own, before and after which
-- a line may break, even before a semicolon or a colon (a comma or a full stop is safe by itself): these go into the box.
-- A joining character would do as well, but could be copied from the file, and hinder a search in it.
-- In a box the mark would be cut to half its width, as at the end of a line, if nothing came after it.
local KEPT_WIDE = pandoc.RawInline('typst', '#may-break')
local HELD = { ['；'] = true, ['：'] = true, ['…'] = true, ['—'] = true }

local function held(text)
  local taken = ''
  for _, code in utf8.codes(text) do
    local character = utf8.char(code)
    if not HELD[character] then break end
    taken = taken .. character
  end
  return taken
end

local function hold(inlines)
  for i = 1, #inlines - 1 do
    local span, following = inlines[i], inlines[i + 1]
    if span.t == 'Span' and (span.classes:includes('figure') or span.classes:includes('gap')) and following.t == 'Str' then
      local taken = held(following.text)
      if taken ~= '' then
        following.text = following.text:sub(#taken + 1)
        -- A gap is underlined, its punctuation is not.
        if span.classes:includes('gap') then
          -- In a span of its own: the walk goes on into what is put here, and must not find a gap and its mark again.
          local mark = pandoc.Span { pandoc.Str(taken) }
          inlines[i] = pandoc.Span({ span, mark, KEPT_WIDE }, pandoc.Attr('', { 'figure' }))
        else
          span.content:extend { pandoc.Str(taken), KEPT_WIDE }
        end
      end
    end
  end
  return inlines
end

-- A table's cells hold a figure each.
return { { traverse = 'topdown', Table = function(tbl) return tbl, false end, Inlines = hold } }
