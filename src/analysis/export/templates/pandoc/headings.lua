-- Headings start at level 1 and leave no level out: PDF/UA demands it, and readers of an outline expect it.
local last = 0
function Header(heading)
  heading.level = math.min(heading.level, last + 1)
  last = heading.level
  return heading
end
