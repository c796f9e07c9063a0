-- Every word as a quoted string. pandoc escapes typst's markup, but not all of it everywhere: "-5" would print a minus
-- sign, "= x" at the start of a cell a heading. A string is text and nothing else.
local function quoted(text)
  return '#"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '";'
end

-- An address or a path is longer than a line, a name with underscores wider than its column: typst breaks words nowhere.
local LONG, LONG_IN_TABLE, PIECE = 30, 12, 4

local function in_pieces(text, long)
  if #text < long or not text:match('[!-~]' .. ('[!-~]'):rep(long - 1)) then return quoted(text) end
  local pieces, piece = pandoc.List {}, ''
  for _, code in utf8.codes(text) do
    piece = piece .. utf8.char(code)
    if #piece >= PIECE then
      pieces:insert(quoted(piece))
      piece = ''
    end
  end
  if piece ~= '' then pieces:insert(quoted(piece)) end
  return table.concat(pieces, '#may-break;')
end

local function words(long)
  return { Str = function(str) return pandoc.RawInline('typst', in_pieces(str.text, long)) end }
end

return {
  { Table = function(tbl) return tbl:walk(words(LONG_IN_TABLE)) end },
  words(LONG),
}
