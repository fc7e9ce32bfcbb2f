package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/spool"
)

const (
	// uploadMost is how large a file may be.
	uploadMost = 20 << 20
	octets     = "application/octet-stream"
)

type (
	// OfFile names the file in the address.
	OfFile struct {
		File pathID[attachment.Attachment] `path:"file"`
	}
	// Named is how the file that is sent is called.
	Named struct {
		Name string `query:"name" required:"true"`
	}
)

// documentOperations are the files of a meeting.
func documentOperations() []operation {
	return []operation{
		read("GET /meetings/{meeting}/documents", "meeting.Documents", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Attachment], error) {
			return each(newAttachment)(meeting.Documents(c.tx, c.by, in.Meeting.ID))
		}),
		upload("POST /meetings/{meeting}/documents", "meeting.AttachDocument", may(access.MeetingPrepare, "meeting"), func(c call, in *struct {
			OfMeeting
			Named
		}, f blob.File,
		) (Attachment, error) {
			return as(newAttachment)(meeting.AttachDocument(c.tx, c.by, in.Meeting.ID, meeting.Document(f)))
		}),
		download("GET /documents/{file}", "meeting.FindDocument", may(access.MeetingRead, "file"), func(c call, in *OfFile) (attachment.Attachment, error) {
			return meeting.FindDocument(c.tx, c.by, in.File.ID)
		}),
		write("DELETE /meetings/{meeting}/documents/{file}", "meeting.RemoveDocument", may(access.MeetingPrepare, "meeting"), func(c call, in *struct {
			OfMeeting
			OfFile
		},
		) (nothing, error) {
			return done(meeting.RemoveDocument(c.tx, c.by, in.Meeting.ID, in.File.ID))
		}),
		change("POST /meetings/{meeting}/documents/post", "meeting.PostDocuments", may(access.MeetingPrepare, "meeting"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(meeting.PostDocuments(c.tx, c.by, in.Meeting.ID, c.version))
		}),
	}
}

// Attachment is a file of a record.
type Attachment struct {
	ID    attachment.ID   `json:"id"`
	Name  string          `json:"name"`
	Media string          `json:"media"`
	Size  int64           `json:"size"`
	Hash  string          `json:"hash" doc:"SHA-256, in hexadecimal."`
	By    access.PersonID `json:"by,omitzero"`
	Added time.Time       `json:"added"`
}

func newAttachment(a attachment.Attachment) Attachment {
	return Attachment{a.ID, a.Name, a.Media, a.Size, a.Hash, a.By, a.Added}
}

// upload is an operation that takes a file as its body. The file is stored
// before the transaction, for whoever is signed in; what no record holds is
// swept away.
func upload[In, Out any](pattern, verb string, r right, do func(call, *In, blob.File) (Out, error)) operation {
	op := create(pattern, verb, r, func(c call, in *In) (Out, error) { return do(c, in, c.file) })
	op.upload = uploadMost
	return op
}

// receive stores the file that the request brings.
func (r *request) receive(op operation) (err error) {
	if op.upload == 0 {
		return nil
	}
	if err := r.ahead(func(call) error { return nil }); err != nil {
		return err
	}
	r.file, err = r.server.Files.Put(blob.Named(r.URL.Query().Get("name")), r.Body, op.upload)
	return err
}

// ahead looks something up before the transaction.
func (r *request) ahead(look func(call) error) error {
	return r.server.DB.View(r.Context(), func(tx *db.Tx) error {
		c, err := r.enter(tx)
		if err != nil {
			return err
		}
		return look(c)
	})
}

// sent gives a file on its way out, once the transaction is over.
type sent func() (outgoing, error)

type outgoing struct {
	name, media string
	body        io.ReadCloser
	// write, instead of a body, writes what is sent at the same time.
	write func(context.Context, io.Writer) error
}

// download is an operation that answers with the file of a record.
func download[In any](pattern, verb string, right right, do func(call, *In) (attachment.Attachment, error)) operation {
	return file(pattern, verb, right, func(c call, in *In) (sent, error) {
		a, err := do(c, in)
		return func() (outgoing, error) {
			body, err := c.server.Files.Open(a.Hash)
			return outgoing{name: a.Name, media: a.Media, body: body}, err
		}, err
	}, octets)
}

// file is an operation that answers with a file of one of the media types.
func file[In any](pattern, verb string, right right, do func(call, *In) (sent, error), media ...string) operation {
	op := read(pattern, verb, right, do)
	op.media = media
	return op
}

// written is a file that is written when it is sent.
func written(name, media string, write func(io.Writer) error) sent {
	return func() (outgoing, error) {
		var out bytes.Buffer
		err := write(&out)
		return outgoing{name: name, media: media, body: io.NopCloser(&out)}, err
	}
}

// streamed is a file of any size, which is sent while it is written. Without a
// name it is not one to keep.
func streamed(name, media string, write func(context.Context, io.Writer) error) sent {
	return func() (outgoing, error) { return outgoing{name: name, media: media, write: write}, nil }
}

func (r *request) sendFile(w http.ResponseWriter, give sent) {
	f, err := give()
	if err != nil {
		r.problem(err).write(w)
		return
	}
	w.Header().Set("Content-Type", f.media)
	if f.name != "" {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	}
	if f.write != nil {
		r.stream(w, f.write)
		return
	}
	defer f.body.Close()
	_, _ = io.Copy(w, f.body) // whoever left is told nothing more
}

// stream sends what is written meanwhile. A failure in the middle breaks the
// connection.
func (r *request) stream(w http.ResponseWriter, write func(context.Context, io.Writer) error) {
	through, err := r.server.Files.Scratch()
	if err == nil {
		err = spool.Serve(w, r.Request, through, write)
	}
	switch {
	case errors.Is(err, spool.ErrBroken):
		r.failure, r.broken = err, true
	case err != nil:
		w.Header().Del("Content-Disposition")
		r.problem(err).write(w)
	}
}

// items is a list of any length that is written one by one.
type items struct {
	out  io.Writer
	text *json.Encoder
	next string // what stands before the next one
}

func newItems(out io.Writer) *items {
	text := json.NewEncoder(out)
	text.SetEscapeHTML(false)
	return &items{out, text, `{"items":[`}
}

func (i *items) add(one any) error {
	if _, err := io.WriteString(i.out, i.next); err != nil {
		return err
	}
	i.next = ","
	return i.text.Encode(one)
}

func (i *items) end() error {
	if i.next == "," {
		i.next = ""
	}
	_, err := io.WriteString(i.out, i.next+"]}\n")
	return err
}
