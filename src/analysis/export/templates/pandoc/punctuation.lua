-- A figure is a box that no line breaks inside. To the line breaker a box is a thing of its own, before and after which
-- a line may break, even before a semicolon or a colon (a comma or a full stop is safe by itself): a word joiner, which
-- prints nothing, holds these to their figure.
local JOINER = '\u{2060}'
local HELD = { '；', '：', '！', '？' }

function Inlines(inlines)
  for i = 1, #inlines - 1 do
    local span, following = inlines[i], inlines[i + 1]
    if span.t == 'Span' and (span.classes:includes('figure') or span.classes:includes('gap')) and following.t == 'Str' then
      for _, mark in ipairs(HELD) do
        if following.text:sub(1, #mark) == mark then following.text = JOINER .. following.text end
      end
    end
  end
  return inlines
end
