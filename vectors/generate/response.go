package generate

// empty builds registration-refused and error.
func empty(ed edition, message string) *frame { return response(ed, message).end() }

// withID builds the responses that are a client id: registered and login-refused.
func withID(ed edition, message string, client []byte) *frame {
	f := response(ed, message)
	f.octets("clientId", &f.fields.ClientID, client)
	return f.end()
}

func thanks(ed edition, client []byte) *frame {
	if ed.noThanks {
		return empty(ed, "thanks")
	}
	return withID(ed, "thanks", client)
}

// accepted builds key-accepted and login-accepted.
func accepted(ed edition, message string, client, wrapped []byte) *frame {
	f := response(ed, message)
	f.octets("clientId", &f.fields.ClientID, client)
	f.octets("wrappedKey", &f.fields.WrappedKey, wrapped)
	return f.end()
}

func fileReceived(ed edition, client []byte, size uint32, name string, sum uint32) *frame {
	f := response(ed, "file-received")
	f.octets("clientId", &f.fields.ClientID, client)
	f.u32("contentSize", &f.fields.ContentSize, size)
	f.text("fileName", &f.fields.FileName, name)
	f.u32("cksum", &f.fields.Cksum, sum)
	return f.end()
}
