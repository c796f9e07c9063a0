-- Numbers that stand in a department's own words, and dates, are held together with their units as figures are. What the
-- units are is told by the figures of the report; where there is none, as in an ordinary notebook, nothing is held.
local units = {}

local function note(span)
  if not span.classes:includes('figure') then return nil end
  local unit = pandoc.utils.stringify(span.content):match('%d([^%d,.]*)$')
  if unit and unit:match('^[\128-\255]+$') then units[unit] = true end
end

local function unit_after(text, place)
  local longest = ''
  for unit in pairs(units) do
    if #unit > #longest and text:sub(place, place + #unit - 1) == unit then longest = unit end
  end
  return longest
end

local function held(str)
  local found, place, text = pandoc.Inlines {}, 1, str.text
  while true do
    local first, last = text:find('%d[%d,.]*', place)
    if not first then break end
    local unit = unit_after(text, last + 1)
    last = last + #unit
    if unit == '' then
      found:insert(pandoc.Str(text:sub(place, last)))
    else
      if first > place then found:insert(pandoc.Str(text:sub(place, first - 1))) end
      found:insert(pandoc.Span({ pandoc.Str(text:sub(first, last)) }, pandoc.Attr('', { 'figure' })))
    end
    place = last + 1
  end
  if place == 1 then return nil end
  if place <= #text then found:insert(pandoc.Str(text:sub(place))) end
  return found, false -- what was found is not looked at again
end

-- A table's cells hold a figure each: half of a long report's text is passed over.
local function leave(tbl) return tbl, false end

local function walk(blocks)
  return blocks:walk {
    traverse = 'topdown',
    Table = leave,
    Span = function(span)
      if span.classes:includes('figure') or span.classes:includes('gap') then return span, false end
    end,
    Str = held,
  }
end

function Pandoc(document)
  document:walk { traverse = 'topdown', Table = leave, Span = note }
  if next(units) == nil then return nil end
  for _, unit in ipairs { '年', '月', '日' } do units[unit] = true end
  document.blocks = walk(document.blocks)
  return document
end
