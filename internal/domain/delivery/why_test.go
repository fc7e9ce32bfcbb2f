package delivery_test

import (
	"testing"

	"chibo/internal/domain/delivery"
	"chibo/internal/platform/outward"
)

func TestWhyALetterFailed(t *testing.T) {
	for failure, want := range map[string]string{
		"the channel is not set up":                                       "delivery.why.closed",
		"the mail server answered 550 5.1.1: mailbox unavailable":         "delivery.why.refused",
		"the mail server answered 535 5.7.8: bad credentials":             "delivery.why.sign_in",
		"the mail server answered 451 4.3.0: try again later":             "delivery.why.busy",
		"dial failed: dial tcp 127.0.0.1:25: connect: connection refused": "delivery.why.unreachable",
		"Post \"https://cong.example/gui\": context deadline exceeded":    "delivery.why.unreachable",
		outward.Status(503).Error():                                       "delivery.why.answered",
		outward.ErrPrivate.Error():                                        "delivery.why.private",
		"something that nobody has seen so far":                           "delivery.why.other",
	} {
		if why := (delivery.Letter{Failure: failure}).Why(); why.Key != want {
			t.Errorf("%q is %s, not %s", failure, why.Key, want)
		}
	}
}
