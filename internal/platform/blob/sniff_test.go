package blob_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// archive is a zip file of pairs of name and content.
func archive(entries ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i])
		if err == nil {
			_, err = f.Write([]byte(entries[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func TestSniff(t *testing.T) {
	const types = "[Content_Types].xml"
	docx := archive(types, "<Types/>", "word/document.xml", "<w/>")
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for _, row := range []struct {
		what    string
		name    string
		content string
		media   string
		key     string
	}{
		{"a pdf", "a.pdf", "%PDF-1.7\n…", blob.PDF, ""},
		{"a docx", "a.docx", docx, blob.DOCX, ""},
		{"capitals", "A.DOCX", docx, blob.DOCX, ""},
		{"an xlsx", "a.xlsx", archive(types, "<Types/>", "xl/workbook.xml", "<w/>"), blob.XLSX, ""},
		{"a pptx", "a.pptx", archive(types, "<Types/>", "ppt/presentation.xml", "<w/>"), blob.PPTX, ""},
		{"an odt", "a.odt", archive("mimetype", blob.ODT, "content.xml", "<w/>"), blob.ODT, ""},
		{"a text", "a.txt", "\ufeffDòng một\r\nDòng hai\t.", blob.Text, ""},
		{"a long text", "a.txt", strings.Repeat("Đồng chí ", 20_000), blob.Text, ""},

		{"a docx called xlsx", "a.xlsx", docx, "", "errs.file_mismatch"},
		{"a docx called pdf", "a.pdf", docx, "", "errs.file_mismatch"},
		{"a bare zip called docx", "a.docx", archive("word/document.xml", "<w/>"), "", "errs.file_mismatch"},
		{"an odt called ods", "a.ods", archive("mimetype", blob.ODT), "", "errs.file_mismatch"},
		{"a cut zip", "a.docx", docx[:len(docx)/2], "", "errs.file_mismatch"},
		{"a page called text", "a.txt", "a\x00b", "", "errs.file_mismatch"},
		{"old Vietnamese letters", "a.txt", "\xd0\xb6\xff", "", "errs.file_mismatch"},
		{"a letter cut in two", "a.txt", "Đồ"[:4], "", "errs.file_mismatch"},
		{"a program called jpg", "a.jpg", "MZ\x90\x00", "", "errs.file_mismatch"},
		{"a page", "a.html", "<script>", "", "errs.file_kind"},
		{"a drawing with scripts", "a.svg", "<svg/>", "", "errs.file_kind"},
		{"no extension", "a", "abc", "", "errs.file_kind"},
		{"a macro document by name", "a.docm", docx, "", "errs.file_kind"},
		{"an old document", "a.doc", ole, "", "errs.file_old_office"},
		{"a document with a password", "a.docx", ole, "", "errs.file_old_office"},

		{"a macro part", "a.docx", archive(types, "<Types/>", "word/document.xml", "<w/>", "word/vbaProject.bin", "x"), "", "errs.file_macros"},
		{"a macro part elsewhere", "a.docx", archive(types, "<Types/>", "word/document.xml", "<w/>", "word/VBAproject.BIN", "x"), "", "errs.file_macros"},
		{"a macro type", "a.xlsx", archive(types, "<Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>", "xl/workbook.xml", "<w/>"), "", "errs.file_macros"},
		{"an old macro sheet", "a.xlsx", archive(types, "<Types/>", "xl/workbook.xml", "<w/>", "xl/macrosheets/sheet1.xml", "x"), "", "errs.file_macros"},
		{"macros of OpenDocument", "a.odt", archive("mimetype", blob.ODT, "Basic/Standard/Module1.xml", "x"), "", "errs.file_macros"},
		{"scripts of OpenDocument", "a.odt", archive("mimetype", blob.ODT, "Scripts/python/a.py", "x"), "", "errs.file_macros"},
	} {
		t.Run(row.what, func(t *testing.T) {
			media, err := blob.Sniff(row.name, strings.NewReader(row.content))
			if row.key == "" {
				testkit.Want(t, err, testkit.OK)
				if media != row.media {
					t.Errorf("taken as %q, want %q", media, row.media)
				}
				return
			}
			if e, ok := errs.As(err); !ok || e.Fields["file"].Key != row.key {
				t.Errorf("%v, want %s", err, row.key)
			}
		})
	}
}
