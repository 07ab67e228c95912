-- The naive masking of naive.ts by lua-cjson, in a body filter: collects the whole answer, as it must.
local cjson = require "cjson"
cjson.encode_sparse_array(true)
local byte, sub, rep = string.byte, string.sub, string.rep
local keep = { name = 1, idCard = 3, mobile = 3, email = 1, address = 6, bankCard = 6 }

local function starts(b) return b < 128 or b >= 192 end

local function mask(s, head, email)
  local stop = #s
  if email then
    for i = #s, 1, -1 do if byte(s, i) == 64 then stop = i - 1 break end end
  end
  local from, left = 1, head
  while left > 0 and from <= stop do
    from = from + 1
    while from <= stop and not starts(byte(s, from)) do from = from + 1 end
    left = left - 1
  end
  local hidden = 0
  for i = from, stop do if starts(byte(s, i)) then hidden = hidden + 1 end end
  if hidden == 0 then return rep("*", #s) end
  return sub(s, 1, from - 1) .. rep("*", hidden) .. sub(s, stop + 1)
end

local function walk(value)
  for key, member in pairs(value) do
    if type(member) == "table" then
      walk(member)
    elseif type(member) == "string" and keep[key] then
      value[key] = mask(member, keep[key], key == "email")
    end
  end
end

function MASK_FILTER()
  local ctx, chunk, eof = ngx.ctx, ngx.arg[1], ngx.arg[2]
  local body = ctx.body
  if not body then
    body = {}
    ctx.body = body
  end
  if chunk ~= "" then body[#body + 1] = chunk end
  if not eof then
    ngx.arg[1] = nil
    return
  end
  local value = cjson.decode(table.concat(body))
  walk(value)
  ngx.arg[1] = cjson.encode(value)
end
