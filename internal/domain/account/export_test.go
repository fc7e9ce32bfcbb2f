package account

import "strings"

// Cost is what Verify of the attempt will spend: the parameters of the digest
// with which it compares.
func (t Attempt) Cost() string {
	return t.stored[:strings.LastIndex(t.stored[:strings.LastIndex(t.stored, "$")], "$")]
}

// Cheap makes passwords' digests as an older program did: less costly.
func Cheap(password string) string {
	p := parameters{memory: 8 << 10, time: 1, threads: 1}
	salt := make([]byte, saltSize)
	key, err := p.key(ctx, password, salt)
	if err != nil {
		panic(err)
	}
	return p.write(salt, key)
}
