package ui

import (
	"context"
	"io"
)

// Each part renders itself, so that a page writes @ui.Chip{…} and a cell of a
// table can hold any of them.

func (i Icon) Render(ctx context.Context, w io.Writer) error { return icon(i).Render(ctx, w) }

func (b Breadcrumb) Render(ctx context.Context, w io.Writer) error {
	return breadcrumb(b).Render(ctx, w)
}

func (c Chip) Render(ctx context.Context, w io.Writer) error { return chip(c).Render(ctx, w) }

func (b Badge) Render(ctx context.Context, w io.Writer) error { return badge(b).Render(ctx, w) }

func (n NextAction) Render(ctx context.Context, w io.Writer) error {
	return nextAction(n).Render(ctx, w)
}

func (n Notice) Render(ctx context.Context, w io.Writer) error { return notice(n).Render(ctx, w) }

func (l ItemList) Render(ctx context.Context, w io.Writer) error { return itemList(l).Render(ctx, w) }

func (e EmptyState) Render(ctx context.Context, w io.Writer) error {
	return emptyState(e).Render(ctx, w)
}

func (l DefinitionList) Render(ctx context.Context, w io.Writer) error {
	return definitionList(l).Render(ctx, w)
}

func (t Timeline) Render(ctx context.Context, w io.Writer) error { return timeline(t).Render(ctx, w) }

func (s Stepper) Render(ctx context.Context, w io.Writer) error { return stepper(s).Render(ctx, w) }

func (t Tabs) Render(ctx context.Context, w io.Writer) error { return tabs(t).Render(ctx, w) }

func (p Pager) Render(ctx context.Context, w io.Writer) error { return pager(p).Render(ctx, w) }

func (b Button) Render(ctx context.Context, w io.Writer) error { return button(b).Render(ctx, w) }

func (b LinkButton) Render(ctx context.Context, w io.Writer) error {
	return linkButton(b).Render(ctx, w)
}

func (b PostButton) Render(ctx context.Context, w io.Writer) error {
	return postButton(b).Render(ctx, w)
}

func (h Hidden) Render(ctx context.Context, w io.Writer) error { return hidden(h).Render(ctx, w) }

func (b PrintButton) Render(ctx context.Context, w io.Writer) error {
	return printButton(b).Render(ctx, w)
}

func (s ErrorSummary) Render(ctx context.Context, w io.Writer) error {
	return errorSummary(s).Render(ctx, w)
}

func (f TextField) Render(ctx context.Context, w io.Writer) error { return textField(f).Render(ctx, w) }

func (f TextArea) Render(ctx context.Context, w io.Writer) error { return textArea(f).Render(ctx, w) }

func (f DateField) Render(ctx context.Context, w io.Writer) error { return dateField(f).Render(ctx, w) }

func (f TimeField) Render(ctx context.Context, w io.Writer) error { return timeField(f).Render(ctx, w) }

func (f NumberField) Render(ctx context.Context, w io.Writer) error {
	return numberField(f).Render(ctx, w)
}

func (f SelectField) Render(ctx context.Context, w io.Writer) error {
	return selectField(f).Render(ctx, w)
}

func (f FindField) Render(ctx context.Context, w io.Writer) error {
	return findField(f).Render(ctx, w)
}

func (f ChoiceField) Render(ctx context.Context, w io.Writer) error {
	return choiceField(f).Render(ctx, w)
}

func (s Segments) Render(ctx context.Context, w io.Writer) error { return segments(s).Render(ctx, w) }

func (f CheckField) Render(ctx context.Context, w io.Writer) error {
	return checkField(f).Render(ctx, w)
}

func (f ChecksField) Render(ctx context.Context, w io.Writer) error {
	return checksField(f).Render(ctx, w)
}

func (f FileField) Render(ctx context.Context, w io.Writer) error { return fileField(f).Render(ctx, w) }

func (t Table) Render(ctx context.Context, w io.Writer) error { return table(t).Render(ctx, w) }

func (p ProgressBar) Render(ctx context.Context, w io.Writer) error {
	return progressBar(p).Render(ctx, w)
}

func (t Tally) Render(ctx context.Context, w io.Writer) error { return tally(t).Render(ctx, w) }

func (s Stats) Render(ctx context.Context, w io.Writer) error { return stats(s).Render(ctx, w) }

func (s Sparkline) Render(ctx context.Context, w io.Writer) error { return sparkline(s).Render(ctx, w) }

func (c BarChart) Render(ctx context.Context, w io.Writer) error { return barChart(c).Render(ctx, w) }

func (h HeatTable) Render(ctx context.Context, w io.Writer) error { return heatTable(h).Render(ctx, w) }

func (f PasskeyForm) Render(ctx context.Context, w io.Writer) error {
	return passkeyForm(f).Render(ctx, w)
}
