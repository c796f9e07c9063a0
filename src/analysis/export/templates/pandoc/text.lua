-- Every word as a quoted string. pandoc escapes typst's markup, but not all of it everywhere: "-5" would print a minus
-- sign, "= x" at the start of a cell a heading. A string is text and nothing else.
function Str(str)
  return pandoc.RawInline('typst', '#"' .. str.text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '";')
end
