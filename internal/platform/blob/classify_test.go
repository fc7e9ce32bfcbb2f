package blob

import (
	"io/fs"
	"syscall"
	"testing"

	"chibo/internal/platform/errs"
)

func TestClassify(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.ENOSPC: "errs.disk_full", syscall.EDQUOT: "errs.disk_full",
		syscall.EROFS: "errs.read_only", syscall.EACCES: "errs.read_only",
		syscall.ENOENT: "errs.file_missing",
	} {
		e, ok := errs.As(classify(&fs.PathError{Op: "write", Path: "x", Err: cause}))
		if !ok || e.Message.Key != want {
			t.Errorf("%v became %v, want %s", cause, e, want)
		}
	}
	if err := classify(syscall.EIO); errs.KindOf(err) != errs.Internal {
		t.Errorf("an unknown failure became %v", err)
	}
}
