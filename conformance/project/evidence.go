package project

import (
	"regexp"
	"strings"

	"github.com/xferspec/xferspec/spec"
)

// sign is something in a program's text, or in its name, that tells its role.
type sign struct {
	role    spec.Role
	weight  int
	pattern *regexp.Regexp
	says    string
}

// signs in the text of a program. The files of the protocol tell most: only one
// side has a use for each of them.
var signs = []sign{
	{spec.Server, strong, regexp.MustCompile(`port\.info`), "reads port.info"},
	{spec.Client, strong, regexp.MustCompile(`transfer\.info`), "reads transfer.info"},
	{spec.Client, 3, regexp.MustCompile(`\bme\.info|priv\.key`), "keeps me.info or priv.key"},
	{spec.Server, 3, regexp.MustCompile(`\blisten\s*\(|create_server\s*\(|start_server\s*\(|\bsocketserver\b|tcp::acceptor|TcpListener|ServerSocket|net\.Listen\b`), "listens"},
	{spec.Server, 1, regexp.MustCompile(`\baccept\s*\(`), "accepts connections"},
	{spec.Server, 1, regexp.MustCompile(`(?m)^EXPOSE\s`), "exposes a port"},
	{spec.Client, 2, regexp.MustCompile(`\bsock\w*\.connect(_ex)?\s*\(|create_connection\s*\(|open_connection\s*\(|asio::connect\b|tcp::resolver|TcpStream::connect|net\.Dial\b|\bInetPton|\binet_pton`), "connects"},
}

// nameSigns are in its name or those of its folders.
var nameSigns = []sign{
	{spec.Server, 2, regexp.MustCompile(`(?i)server`), "is called so"},
	{spec.Client, 2, regexp.MustCompile(`(?i)client`), "is called so"},
}

// weigh gives a candidate the role that its texts and its name speak for. Where
// both roles weigh the same, or hardly anything, it has none.
func (c *Candidate) weigh(name string, texts ...string) {
	text := strings.Join(texts, "\n")
	c.codes = numbersIn(text)
	score := map[spec.Role]int{}
	why := map[spec.Role][]string{}
	count := func(signs []sign, in string) {
		for _, s := range signs {
			if s.pattern.MatchString(in) {
				score[s.role] += s.weight
				why[s.role] = append(why[s.role], s.says)
				c.names = c.names || s.weight == strong
			}
		}
	}
	count(signs, text)
	count(nameSigns, name)
	const least = 2
	server, client := score[spec.Server], score[spec.Client]
	switch {
	case server > client && server >= least:
		c.Role = spec.Server
	case client > server && client >= least:
		c.Role = spec.Client
	default:
		return
	}
	c.score, c.Why = score[c.Role], why[c.Role]
}
