package web

import (
	"context"
	"unicode/utf8"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
)

// labelled makes options of the values of a kind.
func labelled[V ~string](ctx context.Context, family string, values []V) []option {
	options := make([]option, len(values))
	for i, v := range values {
		options[i] = option{string(v), label(ctx, family, v)}
	}
	return options
}

func toneOptions(ctx context.Context) []option { return labelled(ctx, "tone", feedback.Tones) }

func valueOptions(ctx context.Context) []option {
	return append([]option{{"", t(ctx, words.FeedbackValueNone)}}, labelled(ctx, "value", domain.Values)...)
}

// excerptRunes is what a list shows of a text: two lines on a phone.
const excerptRunes = 140

// withheld says why a text cannot be shown; empty when it can.
func withheld(ctx context.Context, text Text, asked bool) string {
	switch {
	case !asked:
		return t(ctx, words.AppUnreadText)
	case text.Lost:
		return t(ctx, words.AppLostText)
	case text.Gone:
		return t(ctx, words.AppGoneText)
	}
	return ""
}

// wordingOf is a text, or why it cannot be shown.
func wordingOf(ctx context.Context, digest domain.Sealed) string {
	text, asked := viewOf(ctx).texts[digest]
	if why := withheld(ctx, text, asked); why != "" {
		return why
	}
	return text.Plain
}

// excerptOf is the beginning of a text, or why it cannot be shown.
func excerptOf(ctx context.Context, digest domain.Sealed) string {
	if digest == "" {
		return ""
	}
	text := wordingOf(ctx, digest)
	if utf8.RuneCountInString(text) <= excerptRunes {
		return text
	}
	return string([]rune(text)[:excerptRunes]) + " …"
}
