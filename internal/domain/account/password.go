package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Password is a password that somebody chose, allowed and digested; Choose
// makes one.
type Password struct {
	login   string
	encoded string
}

const (
	passwordLeast = 8
	passwordMost  = 200
)

// Choose checks a new password for the login and makes its digest. It takes a
// while and belongs outside any transaction. A password that is too short, too
// easy or like the login is errs.Invalid on the field "password".
func Choose(ctx context.Context, login, password string) (Password, error) {
	password = normal(password)
	if err := allowed(login, password); err != nil {
		return Password{}, err
	}
	encoded, err := encode(ctx, password)
	return Password{login: login, encoded: encoded}, err
}

// normal makes one password of what keyboards write in different ways.
func normal(password string) string {
	return norm.NFC.String(strings.ToValidUTF8(password, "\uFFFD"))
}

func allowed(login, password string) error {
	plain := strings.ReplaceAll(text.Fold(password), " ", "")
	var wrong errs.Fields
	wrong.Check(utf8.RuneCountInString(password) >= passwordLeast, "password", "errs.too_short", passwordLeast)
	wrong.Check(utf8.RuneCountInString(password) <= passwordMost, "password", "errs.too_long", passwordMost)
	wrong.Check(withoutNumber(plain) != withoutNumber(login), "password", "account.error.password_is_login")
	wrong.Check(!common[withoutNumber(plain)] && !common[plain] && !easy(password, plain), "password", "account.error.password_common")
	return wrong.Err()
}

func withoutNumber(s string) string { return strings.TrimRight(s, "0123456789") }

// easy reports a run as on a keyboard, a birthday, or one letter over and over.
func easy(password, plain string) bool {
	first, _ := utf8.DecodeRuneInString(password)
	_, notADay := time.Parse("02012006", plain)
	return strings.Trim(password, string(first)) == "" || notADay == nil ||
		plain != "" && strings.Contains("0123456789012345678909876543210987654321 abcdefghijklmnopqrstuvwxyz", plain)
}

// common are words that are tried first; a number behind them, and accents,
// make them no better. To what people type here come the 3,200 most used
// passwords of eight letters and more that other sites lost.
var common = func() map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(lost + ` passw0rd matkhau matkhaumoi matkhau123abc qwerty asdfghjkl
		qwerty123456 anhyeuem emyeuanh welcome letmein admin administrator abc abcd abcdef abcabc 123abc
		123456abc 1234abcd 1q2w3e4r zxcvbnm chibo dangvien dangcongsan vietnam hanoi saigon hochiminh
		bachho bacho sinhnhat quenmatkhau khongnho secret dragon monkey bongda`) {
		set[word] = true
	}
	return set
}()

// lost comes from zxcvbn (common-license.txt), without what is rude.
//
//go:embed common.txt
var lost string

// parameters are what a digest of a password costs. They stand in each digest,
// so that old ones can be read after a change.
type parameters struct {
	memory, time uint32
	threads      uint8
}

// current is the second choice of RFC 9106, 47 ms where it was measured.
var current = parameters{memory: 19 << 10, time: 2, threads: 1}

const (
	saltSize = 16
	keySize  = 32
)

// turns bounds the memory that digests take together, whoever asks for them.
var turns = make(chan struct{}, runtime.GOMAXPROCS(0))

func (p parameters) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, keySize), nil
}

const encodedForm = "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"

func (p parameters) write(salt, key []byte) string {
	return fmt.Sprintf(encodedForm, p.memory, p.time, p.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func encode(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := current.key(ctx, password, salt)
	return current.write(salt, key), err
}

// decoy is compared with where there is no password, at the same cost. No
// password has its key: that would be all zero.
var decoy = current.write(make([]byte, saltSize), make([]byte, keySize))

// read takes a digest apart.
func read(encoded string) (p parameters, salt, key []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 {
		return p, nil, nil, fmt.Errorf("a password's digest is malformed")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil || p.time == 0 || p.threads == 0 {
		return p, nil, nil, fmt.Errorf("a password's digest has wrong parameters %q", parts[3])
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, nil, nil, fmt.Errorf("a password's salt: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != keySize {
		return p, nil, nil, fmt.Errorf("a password's key is malformed")
	}
	return p, salt, key, nil
}

// matches compares at the cost that the digest names, and says whether that
// cost is still the current one.
func matches(ctx context.Context, encoded, password string) (right, upToDate bool, err error) {
	p, salt, want, err := read(encoded)
	if err != nil {
		return false, false, err
	}
	key, err := p.key(ctx, password, salt)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(key, want) == 1, p == current, nil
}
