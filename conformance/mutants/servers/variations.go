package servers

var variants = []variant{
	{
		id: "byte-by-byte", about: "writes every byte of an answer by itself",
		mutate: func(p *process) {
			p.connect = append(p.connect, func(c *conn) {
				c.deliver = func(b []byte) (int, error) {
					for i := range b {
						if _, err := c.Conn.Write(b[i : i+1]); err != nil {
							return i, err
						}
					}
					return len(b), nil
				}
			})
		},
	},
}
