-- Wireshark dissector of the protocol that https://github.com/xferspec/xferspec
-- is about. Generated from spec/editions, spec/wire and spec/protocol.md by
-- "go generate ./spec/dissector". DO NOT EDIT.

local xferspec = Proto("xferspec", "xferspec file transfer")

-- Every field, by its name in the protocol's tables.
local fields = {
	["client id"] = ProtoField.bytes("xferspec.client_id", "client id"),
	["version"] = ProtoField.uint8("xferspec.version", "version"),
	["code"] = ProtoField.uint16("xferspec.code", "code"),
	["payload size"] = ProtoField.uint32("xferspec.payload_size", "payload size"),
	["name"] = ProtoField.string("xferspec.name", "name"),
	["public key"] = ProtoField.bytes("xferspec.public_key", "public key"),
	["client id (repeated)"] = ProtoField.bytes("xferspec.client_id_repeated", "client id (repeated)"),
	["content size"] = ProtoField.uint32("xferspec.content_size", "content size"),
	["file name"] = ProtoField.string("xferspec.file_name", "file name"),
	["content"] = ProtoField.bytes("xferspec.content", "content"),
	["wrapped key"] = ProtoField.bytes("xferspec.wrapped_key", "wrapped key"),
	["cksum"] = ProtoField.uint32("xferspec.cksum", "cksum"),
	["original size"] = ProtoField.uint32("xferspec.original_size", "original size"),
	["packet number"] = ProtoField.uint16("xferspec.packet_number", "packet number"),
	["total packets"] = ProtoField.uint16("xferspec.total_packets", "total packets"),
}
local is_text = { ["name"] = true, ["file name"] = true, }
local message_field = ProtoField.string("xferspec.message", "message")
local data_field = ProtoField.bytes("xferspec.data", "bytes of no field")
local clause_field = ProtoField.string("xferspec.clause", "clause")
local begin_field = ProtoField.framenum("xferspec.begins_in", "begins in frame")
do
	local all = { message_field, data_field, clause_field, begin_field }
	for _, field in pairs(fields) do
		all[#all + 1] = field
	end
	xferspec.fields = all
end

-- What may be wrong. "malformed" is what cannot be taken apart as the layout says.
local function expert_info(name, text, group, severity)
	return ProtoExpert.new("xferspec." .. name, text, group, severity)
end
local wrong = {
	step = expert_info("out_of_step", "no message begins here", expert.group.MALFORMED, expert.severity.ERROR),
	size = expert_info("wrong_size", "wrong payload size", expert.group.MALFORMED, expert.severity.ERROR),
	code = expert_info("unknown_code", "unknown code", expert.group.PROTOCOL, expert.severity.ERROR),
	version = expert_info("wrong_version", "wrong version", expert.group.PROTOCOL, expert.severity.ERROR),
	text = expert_info("wrong_text", "wrong text", expert.group.PROTOCOL, expert.severity.ERROR),
	padding = expert_info("padding", "padding is not zero", expert.group.PROTOCOL, expert.severity.NOTE),
	id = expert_info("repeated_id", "client ids differ", expert.group.PROTOCOL, expert.severity.ERROR),
	long = expert_info("too_long", "too long to be reassembled", expert.group.REASSEMBLE, expert.severity.NOTE),
}
do
	local all = {}
	for _, info in pairs(wrong) do
		all[#all + 1] = info
	end
	xferspec.experts = all
end

-- The clauses that are cited, in the words of spec/protocol.md.
local clauses = {
	["FRM-4"] = "A header is followed by exactly as many bytes as its payload size says, and then directly by the next header.",
	["FRM-8"] = "A sender ends the text in a text field with a NUL, so the text has at most 254 bytes.",
	["FRM-10"] = "The bytes after the NUL of a text field are zero.",
	["FRM-11"] = "A request with a text field that lacks a NUL, or has a byte outside printable ASCII (0x20 to 0x7E) before it, is met with an error response, and none of it is stored.",
	["FRM-12"] = "When the payload size of a request is not the one that its code calls for, the server stays in step with the stream or closes the connection. It never takes bytes of that payload for the next header.",
	["VER-1"] = "The version byte of every response is 3.",
	["VER-2"] = "The version byte of every request is 3.",
	["ERR-1"] = "A request with an unknown code is not met with silence: it is refused, with 1607 or by closing the connection.",
	["ERR-2"] = "Neither 1601 nor 1607 has a payload.",
	["REG-3"] = "The registration of a free name is answered with 1600, which gives the client an id of 16 bytes.",
	["KEY-2"] = "A valid public key is answered with 1602, whose 144 bytes are the client's id and then an AES key, wrapped under the public key just sent.",
	["LGN-2"] = "When name and id of a login belong together, and the server has a public key of that client, the answer is 1605, with the client's id and a newly made AES key under that public key.",
	["LGN-3"] = "When the id of a login is unknown, the name is not that of the id, or no public key is stored, the answer is 1606, which repeats the id from the request's header.",
	["FIL-9"] = "1603 states the client's id, the content size, the file name just as it came in, and the cksum of the decrypted file.",
	["FIL-17"] = "A file is refused, with 1607 or by closing the connection, when the client's id is unknown or the client has not been given an AES key yet.",
	["CRC-2"] = "The answer to 1029 is 1604 with the client's id.",
	["RTY-4"] = "To a client, a response with a code that it does not expect is an error response.",
}

-- The editions. A layout is a list of names and sizes; in an open message the last
-- field takes what is left of the payload.
local editions = {
	["2022c"] = {
		version = 3,
		requests = {
			header = { { "client id", 16 }, { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 23,
			version_clause = "VER-2",
			unknown_clause = "ERR-1",
			messages = {
				[1100] = {
					name = "register", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1101] = {
					name = "public-key", size = 415, open = false, clause = "FRM-12",
					{ "name", 255 }, { "public key", 160 }
				},
				[1103] = {
					name = "file", size = 275, open = true, clause = "FRM-12",
					{ "client id (repeated)", 16 }, { "content size", 4 }, { "file name", 255 }, { "content", 0 }
				},
				[1104] = {
					name = "crc-ok", size = 271, open = false, clause = "FRM-12",
					{ "client id (repeated)", 16 }, { "file name", 255 }
				},
				[1105] = {
					name = "crc-bad", size = 271, open = false, clause = "FRM-12",
					{ "client id (repeated)", 16 }, { "file name", 255 }
				},
				[1106] = {
					name = "crc-abort", size = 271, open = false, clause = "FRM-12",
					{ "client id (repeated)", 16 }, { "file name", 255 }
				},
			},
		},
		responses = {
			header = { { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 7,
			version_clause = "VER-1",
			unknown_clause = "RTY-4",
			messages = {
				[2100] = {
					name = "registered", size = 16, open = false, clause = "REG-3",
					{ "client id", 16 }
				},
				[2101] = {
					name = "registration-refused", size = 0, open = false, clause = "ERR-2",
				},
				[2102] = {
					name = "key-accepted", size = 144, open = false, clause = "KEY-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[2103] = {
					name = "file-received", size = 279, open = false, clause = "FIL-9",
					{ "client id", 16 }, { "content size", 4 }, { "file name", 255 }, { "cksum", 4 }
				},
				[2104] = {
					name = "thanks", size = 0, open = false, clause = "CRC-2",
				},
			},
		},
	},
	["2023a"] = {
		version = 3,
		requests = {
			header = { { "client id", 16 }, { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 23,
			version_clause = "VER-2",
			unknown_clause = "ERR-1",
			messages = {
				[1100] = {
					name = "register", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1101] = {
					name = "public-key", size = 415, open = false, clause = "FRM-12",
					{ "name", 255 }, { "public key", 160 }
				},
				[1102] = {
					name = "login", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1103] = {
					name = "file", size = 259, open = true, clause = "FRM-12",
					{ "content size", 4 }, { "file name", 255 }, { "content", 0 }
				},
				[1104] = {
					name = "crc-ok", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1105] = {
					name = "crc-bad", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1106] = {
					name = "crc-abort", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
			},
		},
		responses = {
			header = { { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 7,
			version_clause = "VER-1",
			unknown_clause = "RTY-4",
			messages = {
				[2100] = {
					name = "registered", size = 16, open = false, clause = "REG-3",
					{ "client id", 16 }
				},
				[2101] = {
					name = "registration-refused", size = 0, open = false, clause = "ERR-2",
				},
				[2102] = {
					name = "key-accepted", size = 144, open = false, clause = "KEY-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[2103] = {
					name = "file-received", size = 279, open = false, clause = "FIL-9",
					{ "client id", 16 }, { "content size", 4 }, { "file name", 255 }, { "cksum", 4 }
				},
				[2104] = {
					name = "thanks", size = 16, open = false, clause = "CRC-2",
					{ "client id", 16 }
				},
				[2105] = {
					name = "login-accepted", size = 144, open = false, clause = "LGN-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[2106] = {
					name = "login-refused", size = 16, open = false, clause = "LGN-3",
					{ "client id", 16 }
				},
				[2107] = {
					name = "error", size = 0, open = false, clause = "ERR-2",
				},
			},
		},
	},
	["2023c"] = {
		version = 3,
		requests = {
			header = { { "client id", 16 }, { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 23,
			version_clause = "VER-2",
			unknown_clause = "ERR-1",
			messages = {
				[1025] = {
					name = "register", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1026] = {
					name = "public-key", size = 415, open = false, clause = "FRM-12",
					{ "name", 255 }, { "public key", 160 }
				},
				[1027] = {
					name = "login", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1028] = {
					name = "file", size = 259, open = true, clause = "FRM-12",
					{ "content size", 4 }, { "file name", 255 }, { "content", 0 }
				},
				[1029] = {
					name = "crc-ok", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1030] = {
					name = "crc-bad", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1031] = {
					name = "crc-abort", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
			},
		},
		responses = {
			header = { { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 7,
			version_clause = "VER-1",
			unknown_clause = "RTY-4",
			messages = {
				[2100] = {
					name = "registered", size = 16, open = false, clause = "REG-3",
					{ "client id", 16 }
				},
				[2101] = {
					name = "registration-refused", size = 0, open = false, clause = "ERR-2",
				},
				[2102] = {
					name = "key-accepted", size = 144, open = false, clause = "KEY-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[2103] = {
					name = "file-received", size = 279, open = false, clause = "FIL-9",
					{ "client id", 16 }, { "content size", 4 }, { "file name", 255 }, { "cksum", 4 }
				},
				[2104] = {
					name = "thanks", size = 16, open = false, clause = "CRC-2",
					{ "client id", 16 }
				},
				[2105] = {
					name = "login-accepted", size = 144, open = false, clause = "LGN-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[2106] = {
					name = "login-refused", size = 16, open = false, clause = "LGN-3",
					{ "client id", 16 }
				},
				[2107] = {
					name = "error", size = 0, open = false, clause = "ERR-2",
				},
			},
		},
	},
	["2024a"] = {
		version = 3,
		requests = {
			header = { { "client id", 16 }, { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 23,
			version_clause = "VER-2",
			unknown_clause = "ERR-1",
			messages = {
				[1025] = {
					name = "register", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1026] = {
					name = "public-key", size = 415, open = false, clause = "FRM-12",
					{ "name", 255 }, { "public key", 160 }
				},
				[1027] = {
					name = "login", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[1028] = {
					name = "file", size = 267, open = true, clause = "FRM-12",
					{ "content size", 4 }, { "original size", 4 }, { "packet number", 2 }, { "total packets", 2 }, { "file name", 255 }, { "content", 0 }
				},
				[1029] = {
					name = "crc-ok", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1030] = {
					name = "crc-bad", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[1031] = {
					name = "crc-abort", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
			},
		},
		responses = {
			header = { { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 7,
			version_clause = "VER-1",
			unknown_clause = "RTY-4",
			messages = {
				[1600] = {
					name = "registered", size = 16, open = false, clause = "REG-3",
					{ "client id", 16 }
				},
				[1601] = {
					name = "registration-refused", size = 0, open = false, clause = "ERR-2",
				},
				[1602] = {
					name = "key-accepted", size = 144, open = false, clause = "KEY-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[1603] = {
					name = "file-received", size = 279, open = false, clause = "FIL-9",
					{ "client id", 16 }, { "content size", 4 }, { "file name", 255 }, { "cksum", 4 }
				},
				[1604] = {
					name = "thanks", size = 16, open = false, clause = "CRC-2",
					{ "client id", 16 }
				},
				[1605] = {
					name = "login-accepted", size = 144, open = false, clause = "LGN-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[1606] = {
					name = "login-refused", size = 16, open = false, clause = "LGN-3",
					{ "client id", 16 }
				},
				[1607] = {
					name = "error", size = 0, open = false, clause = "ERR-2",
				},
			},
		},
	},
	["2024c"] = {
		version = 3,
		requests = {
			header = { { "client id", 16 }, { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 23,
			version_clause = "VER-2",
			unknown_clause = "ERR-1",
			messages = {
				[825] = {
					name = "register", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[826] = {
					name = "public-key", size = 415, open = false, clause = "FRM-12",
					{ "name", 255 }, { "public key", 160 }
				},
				[827] = {
					name = "login", size = 255, open = false, clause = "FRM-12",
					{ "name", 255 }
				},
				[828] = {
					name = "file", size = 267, open = true, clause = "FRM-12",
					{ "content size", 4 }, { "original size", 4 }, { "packet number", 2 }, { "total packets", 2 }, { "file name", 255 }, { "content", 0 }
				},
				[900] = {
					name = "crc-ok", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[901] = {
					name = "crc-bad", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
				[902] = {
					name = "crc-abort", size = 255, open = false, clause = "FRM-12",
					{ "file name", 255 }
				},
			},
		},
		responses = {
			header = { { "version", 1 }, { "code", 2 }, { "payload size", 4 } },
			header_size = 7,
			version_clause = "VER-1",
			unknown_clause = "RTY-4",
			messages = {
				[1600] = {
					name = "registered", size = 16, open = false, clause = "REG-3",
					{ "client id", 16 }
				},
				[1601] = {
					name = "registration-refused", size = 0, open = false, clause = "ERR-2",
				},
				[1602] = {
					name = "key-accepted", size = 144, open = false, clause = "KEY-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[1603] = {
					name = "file-received", size = 279, open = false, clause = "FIL-9",
					{ "client id", 16 }, { "content size", 4 }, { "file name", 255 }, { "cksum", 4 }
				},
				[1604] = {
					name = "thanks", size = 16, open = false, clause = "CRC-2",
					{ "client id", 16 }
				},
				[1605] = {
					name = "login-accepted", size = 144, open = false, clause = "LGN-2",
					{ "client id", 16 }, { "wrapped key", 128 }
				},
				[1606] = {
					name = "login-refused", size = 16, open = false, clause = "LGN-3",
					{ "client id", 16 }
				},
				[1607] = {
					name = "error", size = 0, open = false, clause = "ERR-2",
				},
			},
		},
	},
}
local edition_names = { "2022c", "2023a", "2023c", "2024a", "2024c" }

-- Preferences.
local choices, chosen = {}, 1
for i, name in ipairs(edition_names) do
	choices[i] = { i, name, i }
	if name == "2024a" then
		chosen = i
	end
end
xferspec.prefs.edition = Pref.enum("Edition", chosen, "Which semester's numbers are spoken", choices, false)
xferspec.prefs.ports = Pref.range("TCP ports", "1256",
	"Ports that servers listen on; for others use Decode As", 65535)

local max_reassembled = 64 * 1024 * 1024 -- bytes of a message
local tcp_seq = Field.new("tcp.seq")
local tcp_len = Field.new("tcp.len")
local tcp_stream = Field.new("tcp.stream")

-- Payload that is not reassembled: of wrong messages, for which one cannot wait,
-- and all that follows where no message begins. By stream and direction, a list
-- of sequence numbers and the frame in which it begins.
local skipped = {}
function xferspec.init()
	skipped = {}
end

local function direction_key(is_request)
	return tcp_stream().value * 2 + (is_request and 1 or 0)
end

-- skip notes that the next bytes of the direction, after this segment, are such payload.
local function skip(is_request, pinfo, bytes)
	local key = direction_key(is_request)
	local from = tcp_seq().value + tcp_len().value
	skipped[key] = skipped[key] or {}
	table.insert(skipped[key], { from = from, to = from + bytes, frame = pinfo.number })
end

-- skipped_here returns how many bytes of this segment are such payload.
local function skipped_here(is_request)
	local seq = tcp_seq().value
	for _, range in ipairs(skipped[direction_key(is_request)] or {}) do
		if range.from <= seq and seq < range.to then
			return range.to - seq, range.frame
		end
	end
	return 0
end

-- complain marks an item, with the clause that is broken.
local function complain(item, info, reason, clause)
	item:add_proto_expert_info(info, reason .. " (" .. clause .. ")")
	item:add(clause_field, clause .. ": " .. clauses[clause]):set_generated()
end

-- check_text looks at a text field, which begins with the text and a NUL.
local function check_text(item, range, text)
	if #text == range:len() then
		complain(item, wrong.text, "no NUL in " .. range:len() .. " bytes", "FRM-8")
		return
	end
	local place = text:find("[^\32-\126]")
	if place then
		complain(item, wrong.text, string.format("byte 0x%02x at %d is not printable ASCII", text:byte(place), place - 1), "FRM-11")
	end
	if range:raw(#text):find("[^\0]") then
		complain(item, wrong.padding, "padding is not zero", "FRM-10")
	end
end

-- printable escapes what is not printable ASCII.
local function printable(text)
	return (text:gsub("[^\32-\126]", function(byte)
		return string.format("\\x%02x", byte:byte())
	end))
end

-- add_fields adds fields as far as they fit before limit, with their items and bytes
-- to found, and returns the offset behind them.
local function add_fields(tree, tvb, offset, limit, layout, open, found)
	for i, field in ipairs(layout) do
		local name, size = field[1], field[2]
		if open and i == #layout then
			size = limit - offset
		end
		if offset + size > limit then
			break
		end
		if size > 0 then
			local range = tvb(offset, size)
			local item
			if is_text[name] then
				local text = range:raw():match("^[^\0]*")
				item = tree:add(fields[name], range, printable(text))
				check_text(item, range, text)
			else
				item = tree:add_le(fields[name], range)
			end
			found[name] = { item = item, range = range }
		end
		offset = offset + size
	end
	return offset
end

local function has_size(message, size)
	return size == message.size or message.open and size > message.size
end

-- show adds a message, or as much of it as there is: length bytes of whole.
local function show(tvb, pinfo, root, side, edition, offset, length, whole)
	local found = {}
	local limit = offset + length
	local tree = root:add(xferspec, tvb(offset, length))
	local done = add_fields(tree, tvb, offset, limit, side.header, false, found)
	local code, size = found["code"].range:le_uint(), found["payload size"].range:le_uint()
	local message = side.messages[code]
	local name = message and message.name or "unknown"
	tree:add(message_field, name):set_generated()
	found["code"].item:append_text(" (" .. name .. ")")
	if message then
		done = add_fields(tree, tvb, done, limit, message, message.open, found)
	end
	if done < limit then
		tree:add(data_field, tvb(done, limit - done))
	end

	local title = code .. " " .. name
	if found["total packets"] then
		title = title .. ", packet " .. found["packet number"].range:le_uint() .. " of " .. found["total packets"].range:le_uint()
	end
	tree:set_text("xferspec " .. title .. ", " .. whole .. " bytes")
	pinfo.cols.info:append("[" .. title .. "] ")

	local version = found["version"].range:uint()
	if version ~= edition.version then
		complain(found["version"].item, wrong.version, "version " .. version .. ", not " .. edition.version, side.version_clause)
	end
	if not message then
		complain(found["code"].item, wrong.code, "unknown code " .. code, side.unknown_clause)
	elseif not has_size(message, size) then
		local least = message.open and "at least " or ""
		complain(found["payload size"].item, wrong.size, size .. " declared, " .. name .. " has " .. least .. message.size, message.clause)
	elseif length < whole then
		tree:add_proto_expert_info(wrong.long, "only the first " .. length .. " bytes are shown")
	end
	local again = found["client id (repeated)"]
	if again and again.range:raw() ~= found["client id"].range:raw() then
		complain(again.item, wrong.id, "differs from the id in the header", "FIL-17")
	end
end

-- from_client says whether a segment goes to the server.
local function from_client(pinfo)
	if pinfo.match == pinfo.dst_port then
		return true
	end
	return pinfo.match ~= pinfo.src_port and pinfo.dst_port < pinfo.src_port
end

local function show_rest(tvb, root, offset, length, text)
	local tree = root:add(xferspec, tvb(offset, length), "xferspec " .. text)
	return tree, tree:add(data_field, tvb(offset, length))
end

local function wait_for(pinfo, offset, bytes)
	pinfo.desegment_offset = offset
	pinfo.desegment_len = bytes
end

function xferspec.dissector(tvb, pinfo, root)
	local total = tvb:len()
	if total ~= tvb:reported_len() then
		return 0 -- the capture has not the whole segment
	end
	local edition = editions[edition_names[xferspec.prefs.edition]]
	local is_request = from_client(pinfo)
	local side = is_request and edition.requests or edition.responses
	pinfo.cols.protocol = "xferspec"
	pinfo.cols.info:clear()

	local offset, first_frame = skipped_here(is_request)
	if offset > 0 then
		offset = math.min(offset, total)
		local tree = show_rest(tvb, root, 0, offset, "payload that is not reassembled")
		tree:add(begin_field, first_frame):set_generated()
		pinfo.cols.info:append("[payload] ")
	end
	while offset < total do
		local have = total - offset
		if have < side.header_size then
			wait_for(pinfo, offset, DESEGMENT_ONE_MORE_SEGMENT)
			break
		end
		local version = tvb(offset + side.header_size - 7, 1):uint()
		local message = side.messages[tvb(offset + side.header_size - 6, 2):le_uint()]
		if version ~= edition.version and not message then
			local _, item = show_rest(tvb, root, offset, have, "out of step")
			complain(item, wrong.step, "no message begins here", "FRM-4")
			pinfo.cols.info:append("[out of step] ")
			skip(is_request, pinfo, math.huge)
			break
		end
		local size = tvb(offset + side.header_size - 4, 4):le_uint()
		local whole = side.header_size + size
		if whole > have and message and has_size(message, size) and whole <= max_reassembled then
			wait_for(pinfo, offset, whole - have)
			break
		end
		show(tvb, pinfo, root, side, edition, offset, math.min(whole, have), whole)
		if whole > have then
			skip(is_request, pinfo, whole - have)
		end
		offset = offset + whole
	end
	pinfo.cols.info:fence()
	return total
end

local tcp_ports = DissectorTable.get("tcp.port")
local registered = nil
local function register()
	if registered ~= xferspec.prefs.ports then
		if registered ~= nil then
			tcp_ports:remove(registered, xferspec)
		end
		registered = xferspec.prefs.ports
		tcp_ports:add(registered, xferspec)
	end
end
xferspec.prefs_changed = register
register()
