-- Links within a document lead to a heading, or are text. Jupyter makes an anchor of a heading's words as they are
-- written, pandoc of small letters, and typst refuses a link that leads nowhere.
local places = {}

local function note(element)
  local id = element.identifier
  if id ~= '' then places[id] = id end
end

local function lowered(text) return pandoc.text.lower(text):gsub('[^%w\128-\255_.-]', '') end

local function resolve(link)
  if link.target == '' then return link.content end
  local anchor = link.target:match('^#(.*)$')
  if not anchor then return nil end
  local place = places[anchor] or places[lowered(anchor)]
  if not place then return link.content end
  link.target = '#' .. place
  return link
end

function Pandoc(document)
  document:walk { Header = note, Div = note, Span = note }
  return document:walk { Link = resolve }
end
