package ui

import (
	"context"
	"strconv"

	"chibo/internal/platform/i18n"
)

// ErrorSummary lists what is wrong above a form, each entry leading to its field.
type ErrorSummary struct{ Errors Errors }

// ConfirmProps is a question before an act; see Confirm.
type ConfirmProps struct {
	Text string
	// Effects says what will happen, a line each.
	Effects []string
	Action  string
	Version int64
	Hidden  []Hidden
	Errors  Errors
	// Yes is the text of the button and says the act: "Xóa tài liệu", not "OK".
	Yes string
	// Destructive draws the button as one that takes something away.
	Destructive bool
	// No is "Quay lại" unless set; it leads to BackHref.
	No       string
	BackHref string
}

func (c ConfirmProps) kind() ButtonKind {
	if c.Destructive {
		return Danger
	}
	return Primary
}

func (c ConfirmProps) no(ctx context.Context) string {
	if c.No == "" {
		return i18n.T(ctx, "ui.back")
	}
	return c.No
}

func rowsOr4(rows int) string {
	if rows == 0 {
		return "4"
	}
	return strconv.Itoa(rows)
}

func valueOr1(value string) string {
	if value == "" {
		return "1"
	}
	return value
}
