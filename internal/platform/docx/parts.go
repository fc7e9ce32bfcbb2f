package docx

import (
	"time"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/layout"
)

// The ids by which the main part names its neighbours.
const (
	idStyles      = "rId1"
	idSettings    = "rId2"
	idFonts       = "rId3"
	idHeader      = "rId4"
	idFirstHeader = "rId5"
)

func pictureID(i int) string {
	var w writer
	w.put("rIdImage%d", i+1)
	return w.String()
}

const (
	typePrefix    = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	nsPackageRels = "http://schemas.openxmlformats.org/package/2006/relationships"
)

func contentTypes(pictures bool, f paper.Format) []byte {
	var w writer
	w.put(xmlHeader + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	if pictures {
		w.put(`<Default Extension="png" ContentType="image/png"/>`)
	}
	override := func(name, kind string) { w.put(`<Override PartName="%s" ContentType="%s"/>`, name, kind) }
	override("/word/document.xml", typePrefix+"document.main+xml")
	override("/word/styles.xml", typePrefix+"styles+xml")
	override("/word/settings.xml", typePrefix+"settings+xml")
	override("/word/fontTable.xml", typePrefix+"fontTable+xml")
	if numbered(f) {
		override("/word/header1.xml", typePrefix+"header+xml")
		override("/word/header2.xml", typePrefix+"header+xml")
	}
	override("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	override("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")
	w.put(`</Types>`)
	return w.bytes()
}

var packageRelations = []byte(xmlHeader + `<Relationships xmlns="` + nsPackageRels + `">` +
	`<Relationship Id="rId1" Type="` + nsRelations + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + nsRelations + `/extended-properties" Target="docProps/app.xml"/>` +
	`</Relationships>`)

func (b *builder) relations() []byte {
	var w writer
	w.put(xmlHeader+`<Relationships xmlns="%s">`, nsPackageRels)
	relate := func(id, kind, target string) {
		w.put(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, nsRelations, kind, target)
	}
	relate(idStyles, "styles", "styles.xml")
	relate(idSettings, "settings", "settings.xml")
	relate(idFonts, "fontTable", "fontTable.xml")
	if numbered(b.sheet.Format) {
		relate(idHeader, "header", "header1.xml")
		relate(idFirstHeader, "header", "header2.xml")
	}
	for i := range b.pictures {
		relate(pictureID(i), "image", pictureName(i))
	}
	w.put(`</Relationships>`)
	return w.bytes()
}

func coreProperties(d paper.Document) []byte {
	var w writer
	w.put(xmlHeader + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, property := range []struct{ name, value string }{
		{"dc:title", d.Title}, {"dc:subject", d.Subject}, {"dc:creator", d.Author},
	} {
		if property.value != "" {
			w.put(`<%s>`, property.name)
			w.text(property.value)
			w.put(`</%s>`, property.name)
		}
	}
	w.put(`<dc:language>vi-VN</dc:language>`)
	if !d.Created.IsZero() {
		at := d.Created.UTC().Format(time.RFC3339)
		w.put(`<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>`, at, at)
	}
	w.put(`</cp:coreProperties>`)
	return w.bytes()
}

var appProperties = []byte(xmlHeader + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>chibo</Application></Properties>`)

// settingsPart asks Word for its present way of setting a page (mode 15), and
// not to stretch a justified line that ends in a line break.
var settingsPart = []byte(xmlHeader + `<w:settings xmlns:w="` + nsMain + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:doNotExpandShiftReturn/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>`)

func fontTable(f paper.Format) []byte {
	var w writer
	w.put(xmlHeader+`<w:fonts xmlns:w="%s"><w:font w:name="`, nsMain)
	w.attribute(f.Font, 31)
	w.put(`"><w:charset w:val="A3"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`)
	return w.bytes()
}

// header is the page number, or the empty header of a first page without one.
func header(sheet layout.Sheet, number bool) []byte {
	var w writer
	w.put(xmlHeader+`<w:hdr xmlns:w="%s" xmlns:r="%s"><w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, nsMain, nsRelations, sheet.Styles.PageNumber.ID)
	if number {
		w.put(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
	}
	w.put(`</w:p></w:hdr>`)
	return w.bytes()
}

func stylesPart(sheet layout.Sheet) []byte {
	var w writer
	w.put(xmlHeader+`<w:styles xmlns:w="%s"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts`, nsMain)
	for _, script := range []string{"ascii", "hAnsi", "eastAsia", "cs"} {
		w.put(` w:%s="`, script)
		w.attribute(sheet.Format.Font, 31)
		w.put(`"`)
	}
	size := halfPoints(sheet.Format.BodyPt)
	w.put(`/><w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults>`,
		size, size, twips(sheet.Format.LinePt))
	w.put(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	w.put(`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>`)
	w.put(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	w.put(`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		w.put(`<w:%s w:val="single" w:sz="%d" w:space="0" w:color="auto"/>`, side, eighths(layout.LinePt))
	}
	w.put(`</w:tblBorders></w:tblPr></w:style>`)
	for _, s := range sheet.Styles.All() {
		w.style(s)
	}
	w.put(`</w:styles>`)
	return w.bytes()
}

func (w *writer) style(s *layout.Style) {
	w.put(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, s.ID, s.Name)
	if s.KeepNext {
		w.put(`<w:keepNext/>`)
	}
	w.put(`<w:widowControl/>`)
	if s.PitchPt > 0 {
		w.put(`<w:spacing w:before="0" w:after="%d" w:line="%d" w:lineRule="exact"/>`, twips(s.AfterPt), twips(s.PitchPt))
	} else {
		w.put(`<w:spacing w:before="0" w:after="%d" w:line="240" w:lineRule="auto"/>`, twips(s.AfterPt))
	}
	if s.FirstMM > 0 {
		w.put(`<w:ind w:firstLine="%d"/>`, twipsOfMM(s.FirstMM))
	}
	w.put(`<w:jc w:val="%s"/>`, justification(s.Align))
	if s.Outline > 0 {
		w.put(`<w:outlineLvl w:val="%d"/>`, s.Outline-1)
	}
	w.put(`</w:pPr><w:rPr>`)
	if s.Bold {
		w.put(`<w:b/>`)
	}
	if s.Italic {
		w.put(`<w:i/>`)
	}
	w.put(`<w:sz w:val="%[1]d"/><w:szCs w:val="%[1]d"/></w:rPr></w:style>`, halfPoints(s.Pt))
}
