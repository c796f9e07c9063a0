-- Pictures for every format: nothing is fetched from the network, and none is without a text for who cannot see it.
local count = 0

local function is_remote(source)
  return source:match('^%a[%w+.-]+://') or source:match('^//')
end

local KNOWN = { ['image/svg+xml'] = true, ['image/png'] = true, ['image/jpeg'] = true, ['image/gif'] = true,
  ['image/webp'] = true }

local function is_readable(source)
  local found, mime = pcall(pandoc.mediabag.fetch, source)
  return found and mime ~= nil and KNOWN[mime:match('^[^;]+')] == true
end

function Image(image)
  if is_remote(image.src) then
    local label = pandoc.utils.stringify(image.caption)
    return pandoc.Link(label ~= '' and label or image.src, image.src)
  end
  if not is_readable(image.src) then
    local label = pandoc.utils.stringify(image.caption)
    if label == '' and not image.src:match('^data:') then label = image.src end
    return pandoc.Str('〔图片无法显示' .. (label ~= '' and '：' .. label or '') .. '〕')
  end
  count = count + 1
  local alt = image.attributes.alt or pandoc.utils.stringify(image.caption)
  image.attributes.alt = alt ~= '' and alt or ('图 ' .. count)
  return image
end

-- A figure whose picture lies elsewhere, or cannot be read, is a line of text.
function Figure(figure)
  local shown = false
  figure:walk { Image = function() shown = true end }
  if not shown then return figure.content end
end
