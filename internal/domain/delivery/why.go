package delivery

import (
	"regexp"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/outward"
)

// whys are the failures that an administrator can do something about, by what
// the machinery said of them.
var whys = []struct {
	said *regexp.Regexp
	key  string
}{
	{exactly(errClosed), "delivery.why.closed"},
	{exactly(errNoAddress), "delivery.why.address"},
	{exactly(errNoDevice), "delivery.why.device"},
	{exactly(errSwept), "delivery.why.swept"},
	{exactly(outward.ErrPrivate), "delivery.why.private"},
	{regexp.MustCompile(`(?i)\b53[045]\b|authentication|\bauth\b`), "delivery.why.sign_in"},
	{regexp.MustCompile(`mail server answered (5\d\d)`), "delivery.why.refused"},
	{regexp.MustCompile(`mail server answered (4\d\d)`), "delivery.why.busy"},
	{regexp.MustCompile(`answered (\d{3})`), "delivery.why.answered"},
	{regexp.MustCompile(`(?i)dial|connection|no such host|timeout|deadline|network`), "delivery.why.unreachable"},
}

func exactly(err error) *regexp.Regexp { return regexp.MustCompile(regexp.QuoteMeta(err.Error())) }

// Why is what the letter failed by, for whoever keeps the program. Failure has
// the words of the machinery.
func (l Letter) Why() errs.Message {
	for _, why := range whys {
		found := why.said.FindStringSubmatch(l.Failure)
		switch len(found) {
		case 1:
			return errs.Message{Key: why.key}
		case 2:
			return errs.Message{Key: why.key, Args: []any{found[1]}}
		}
	}
	return errs.Message{Key: "delivery.why.other"}
}
