package member_test

import (
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// try is a row of a table: who does it, and what comes of it.
type try struct {
	who  string
	by   access.PersonID
	want errs.Kind
}

// everybody runs fn as each person of the table, each in a transaction that
// leaves no trace.
func everybody(t *testing.T, k *testkit.Kit, o *org.Org, tries []try, fn func(tx *db.Tx, by access.Actor) error) {
	t.Helper()
	for _, try := range tries {
		err := undone(k, func(tx *db.Tx) error { return fn(tx, o.As(tx, try.by)) })
		t.Run(try.who, func(t *testing.T) { testkit.Want(t, err, try.want) })
	}
}

// undone runs fn and takes back what it did.
func undone(k *testkit.Kit, fn func(tx *db.Tx) error) error {
	back := errs.New(errs.Unavailable, "undone")
	var err error
	if outer := k.Try(func(tx *db.Tx) error {
		err = fn(tx)
		return back
	}); outer != back {
		return outer
	}
	return err
}

// managers are who may change people in cell A, and who may not.
func managers(o *org.Org) []try {
	return []try{
		{"office of the commune", o.Office, testkit.OK},
		{"secretary", o.SecretaryA, testkit.OK},
		{"deputy", o.DeputyA, testkit.OK},
		{"committee member", o.CommitteeA, errs.Denied},
		{"secretary of the commune", o.CommuneSecretary, errs.Denied},
		{"inspector", o.Inspector, errs.Denied},
		{"member", o.MemberA, errs.Denied},
		{"administrator, who reads no members", o.Admin, errs.NotFound},
		{"secretary of another cell", o.SecretaryB, errs.NotFound},
		{"secretary elsewhere", o.SecretaryC, errs.NotFound},
		{"nobody", o.Nobody, errs.NotFound},
	}
}

func newcomer(cell orgtree.ID) member.New {
	return member.New{
		Unit: cell, Status: member.Official,
		Core: member.Core{
			BirthName: "Ngô Thị  Hồng Đức", Sex: member.Female, Birth: day("1990-05-06"), Card: "0101 9000 0001",
			Admitted: day("2015-06-01"), Ceremony: day("2015-06-20"), Recognised: day("2016-06-20"),
		},
		CV: member.CV{Home: "Xã Phú Hòa", Religion: "Không", Phone: "0900000000"},
	}
}

func TestRegister(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		register := func(n member.New) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := member.Register(tx, by, n)
				return err
			}
		}
		everybody(t, k, o, managers(o), register(newcomer(o.CellA.ID)))
		for field, spoil := range map[string]func(*member.New){
			"birth_name": func(n *member.New) { n.BirthName = "\x00 " },
			"name":       func(n *member.New) { n.Name = strings.Repeat("ă", 101) },
			"sex":        func(n *member.New) { n.Sex = "" },
			"birth":      func(n *member.New) { n.Birth = day("1997-06-02") }, // 17 when admitted
			"admitted":   func(n *member.New) { n.Admitted = k.Today().AddDays(1) },
			"ceremony":   func(n *member.New) { n.Ceremony = day("2015-05-31") },
			"recognised": func(n *member.New) { n.Recognised = day("2015-06-19") },
			"card":       func(n *member.New) { n.Card = "01019000000x" },
			"status":     func(n *member.New) { n.Status = member.Expelled },
			"group":      func(n *member.New) { n.Group = 77 },
			"from":       func(n *member.New) { n.From = k.Today().AddDays(1) },
			"home":       func(n *member.New) { n.CV.Home = strings.Repeat("x", 201) },
			"inactive":   func(n *member.New) { n.Inactive = -1 },
		} {
			n := newcomer(o.CellA.ID)
			spoil(&n)
			testkit.WantField(t, undone(k, func(tx *db.Tx) error { return register(n)(tx, o.As(tx, o.SecretaryA)) }), field)
		}
		exactly := newcomer(o.CellA.ID)
		exactly.Birth = day("1997-06-01") // 18 on the day of the decision
		probationary := newcomer(o.CellA.ID)
		probationary.Status, probationary.Recognised = member.Probationary, clock.Date{}
		everybody(t, k, o, []try{{"18 on the day", o.SecretaryA, testkit.OK}}, register(exactly))
		everybody(t, k, o, []try{{"card of a probationary member", o.SecretaryA, errs.Invalid}}, register(probationary))
		everybody(t, k, o, []try{{"no cell", o.Office, errs.Invalid}}, register(newcomer(o.Commune.ID)))

		k.Update(func(tx *db.Tx) error { return register(newcomer(o.CellB.ID))(tx, o.As(tx, o.SecretaryB)) })
		everybody(t, k, o, []try{{"card in use elsewhere", o.SecretaryA, errs.Conflict}}, register(newcomer(o.CellA.ID)))
	})
}

func TestAMemberGetsTheRole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var m, outside member.Member
		k.Update(func(tx *db.Tx) (err error) {
			if m, err = member.Register(tx, o.As(tx, o.SecretaryA), newcomer(o.CellA.ID)); err != nil {
				return err
			}
			outside, err = member.Register(tx, o.As(tx, o.Admin), member.New{Unit: o.CellA.ID, Core: member.Core{BirthName: "Kỹ Thuật Viên"}})
			return err
		})
		k.View(func(tx *db.Tx) error {
			if !o.As(tx, m.ID).Holds(access.Member, o.CellA.ID) || len(o.As(tx, outside.ID).Grants()) != 0 {
				t.Error("a member holds the role of one, an outsider none")
			}
			if m.Name != "Ngô Thị Hồng Đức" || m.Card != "010190000001" {
				t.Errorf("name %q, card %q", m.Name, m.Card)
			}
			return nil
		})
	})
}

func TestEdit(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		m := open(k, o, o.MemberA)
		change := member.Change{Core: m.Core, CV: member.CV{Occupation: "Nông dân"}}
		edit := func(version int64, c member.Change) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error { return member.Edit(tx, by, o.MemberA, version, c) }
		}
		tries := managers(o)
		everybody(t, k, o, tries, edit(m.Version, change))
		everybody(t, k, o, []try{{"stale", o.SecretaryA, errs.Conflict}}, edit(m.Version-1, change))
		renamed := change
		renamed.BirthName = "Tên Khác"
		testkit.WantField(t, undone(k, func(tx *db.Tx) error { return edit(m.Version, renamed)(tx, o.As(tx, o.SecretaryA)) }), "document")
		renamed.Document = "Quyết định 3-QĐ/UBND"
		renamed.Ceremony = m.Ceremony.AddDays(1)
		k.Update(func(tx *db.Tx) error { return edit(m.Version, renamed)(tx, o.As(tx, o.SecretaryA)) })
		after := open(k, o, o.MemberA)
		if after.BirthName != "Tên Khác" || after.CV.Occupation != "Nông dân" || after.States[0].From != renamed.Ceremony {
			t.Errorf("after the change: %+v", after)
		}
	})
}

// open is the file as its owner sees it.
func open(k *testkit.Kit, o *org.Org, person access.PersonID) (f member.File) {
	k.View(func(tx *db.Tx) (err error) {
		f, err = member.Open(tx, o.As(tx, person), person, "")
		return err
	})
	return f
}

func TestRecognise(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		recognise := func(person access.PersonID, version int64, day clock.Date) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				return member.Recognise(tx, by, person, version, member.Recognition{Day: day, Decision: "Quyết định 70-QĐ/ĐU"})
			}
		}
		version := open(k, o, o.ProbationaryA).Version
		due := day("2026-12-20") // twelve months after the ceremony
		everybody(t, k, o, []try{{"a day to come", o.SecretaryA, errs.Invalid}}, recognise(o.ProbationaryA, version, due))
		k.SetNow(day("2027-02-01").At(9, 0))
		tries := managers(o)
		everybody(t, k, o, tries, recognise(o.ProbationaryA, version, k.Today()))
		everybody(t, k, o, []try{{"stale", o.SecretaryA, errs.Conflict}}, recognise(o.ProbationaryA, version+1, k.Today()))
		everybody(t, k, o, []try{{"the last day of probation", o.SecretaryA, testkit.OK}}, recognise(o.ProbationaryA, version, due))
		everybody(t, k, o, []try{{"a day early", o.SecretaryA, errs.Invalid}}, recognise(o.ProbationaryA, version, due.AddDays(-1)))
		everybody(t, k, o, []try{{"official already", o.SecretaryA, errs.Conflict}}, recognise(o.MemberA, open(k, o, o.MemberA).Version, k.Today()))
		k.Update(func(tx *db.Tx) error {
			return recognise(o.ProbationaryA, version, k.Today())(tx, o.As(tx, o.SecretaryA))
		})
		f := open(k, o, o.ProbationaryA)
		if f.Status != member.Official || f.Recognised != due {
			t.Errorf("%s since %s, want official since %s however late the decision", f.Status, f.Recognised, due)
		}
		k.View(func(tx *db.Tx) error {
			for on, votes := range map[clock.Date]bool{due.AddDays(-1): false, due: true} {
				roll, err := member.Roster(tx, o.CellA.ID, on)
				if err != nil {
					return err
				}
				if r := rostered(roll, o.ProbationaryA); r.Votes != votes {
					t.Errorf("on %s votes: %t, want %t", on, r.Votes, votes)
				}
			}
			return nil
		})
	})
}

func rostered(roll []member.Rostered, person access.PersonID) member.Rostered {
	i := slices.IndexFunc(roll, func(r member.Rostered) bool { return r.ID == person })
	if i < 0 {
		return member.Rostered{}
	}
	return roll[i]
}

func TestRecognitionDay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.View(func(tx *db.Tx) error {
			for ceremony, want := range map[string]string{
				"2025-12-20": "2026-12-20", "2024-02-29": "2025-02-28", "2023-02-28": "2024-02-28", "2025-08-31": "2026-08-31", "1999-12-31": "2000-12-31",
			} {
				got, ref, err := member.RecognitionDay(tx, o.CellA, day(ceremony))
				if err != nil || got != day(want) || ref.Hash == "" {
					t.Errorf("ceremony %s: %s by %v, %v; want %s", ceremony, got, ref, err, want)
				}
			}
			return nil
		})
	})
}

func TestLeave(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		version := open(k, o, o.SecretaryA).Version
		leave := func(version int64, l member.Leaving) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error { return member.Leave(tx, by, o.SecretaryA, version, l) }
		}
		good := member.Leaving{Status: member.Deceased, Day: k.Today(), Document: "Phiếu báo 1"}
		everybody(t, k, o, managers(o), leave(version, good))
		everybody(t, k, o, []try{{"stale", o.Office, errs.Conflict}}, leave(version+1, good))
		for name, l := range map[string]member.Leaving{
			"no document": {Status: member.Deceased, Day: k.Today()},
			"no end":      {Status: member.Probationary, Day: k.Today(), Document: "x"},
			"future":      {Status: member.Deceased, Day: k.Today().AddDays(1), Document: "x"},
			"no day":      {Status: member.Deceased, Document: "x"},
		} {
			everybody(t, k, o, []try{{name, o.Office, errs.Invalid}}, leave(version, l))
		}
		everybody(t, k, o, []try{{"a probationary member cannot be expelled", o.Office, errs.Conflict}}, func(tx *db.Tx, by access.Actor) error {
			return member.Leave(tx, by, o.ProbationaryA, 2, member.Leaving{Status: member.Expelled, Day: k.Today(), Document: "x"})
		})
		k.Update(func(tx *db.Tx) error { return leave(version, good)(tx, o.As(tx, o.Office)) })
		k.View(func(tx *db.Tx) error {
			if grants := o.As(tx, o.SecretaryA).Grants(); len(grants) != 0 {
				t.Errorf("still holds %v", grants)
			}
			today, err := member.Roster(tx, o.CellA.ID, k.Today())
			before, err2 := member.Roster(tx, o.CellA.ID, k.Today().AddDays(-1))
			if err2 != nil || len(today) != 26 || len(before) != 27 {
				t.Errorf("%d today, %d the day before, want 26 and 27 (%v)", len(today), len(before), err2)
			}
			return err
		})
	})
}

func TestMoveToCell(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		version := open(k, o, o.DeputyA).Version
		move := func(version int64, to member.Place) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error { return member.MoveToCell(tx, by, o.DeputyA, version, to) }
		}
		good := member.Place{Unit: o.CellB.ID, From: k.Today(), Document: "Giấy giới thiệu 4"}
		everybody(t, k, o, []try{
			{"office of both", o.Office, testkit.OK},
			{"secretary of the old cell", o.SecretaryA, errs.NotFound},
			{"secretary of the new cell", o.SecretaryB, errs.NotFound},
			{"member", o.MemberA, errs.Denied},
		}, move(version, good))
		everybody(t, k, o, []try{{"stale", o.Office, errs.Conflict}}, move(version+1, good))
		for name, to := range map[string]member.Place{
			"there already":   {Unit: o.CellA.ID, From: k.Today(), Document: "x"},
			"no cell":         {Unit: o.Commune.ID, From: k.Today(), Document: "x"},
			"no document":     {Unit: o.CellB.ID, From: k.Today()},
			"before the last": {Unit: o.CellB.ID, From: org.Founded, Document: "x"},
			"future":          {Unit: o.CellB.ID, From: k.Today().AddDays(1), Document: "x"},
		} {
			everybody(t, k, o, []try{{name, o.Office, errs.Invalid}}, move(version, to))
		}
		k.Update(func(tx *db.Tx) error { return move(version, good)(tx, o.As(tx, o.Office)) })
		k.View(func(tx *db.Tx) error {
			by := o.As(tx, o.DeputyA)
			if !by.Holds(access.Member, o.CellB.ID) || by.Holds(access.Member, o.CellA.ID) || by.Holds(access.Deputy, o.CellA.ID) {
				t.Errorf("grants after the move: %v", by.Grants())
			}
			old, err := member.Roster(tx, o.CellA.ID, k.Today().AddDays(-1))
			now, err2 := member.Roster(tx, o.CellB.ID, k.Today())
			if err2 != nil || rostered(old, o.DeputyA).ID == 0 || rostered(now, o.DeputyA).ID == 0 {
				t.Errorf("rolls do not follow the day (%v)", err2)
			}
			return err
		})
	})
}

func TestOverlaysOnTheRoll(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		add := func(by access.PersonID, person access.PersonID, n member.NewOverlay) error {
			return k.Try(func(tx *db.Tx) error {
				_, err := member.AddOverlay(tx, o.As(tx, by), person, n)
				return err
			})
		}
		good := func(kind string) member.NewOverlay {
			return member.NewOverlay{Kind: kind, From: k.Today(), Document: "Quyết định 8"}
		}
		everybody(t, k, o, managers(o), func(tx *db.Tx, by access.Actor) error {
			_, err := member.AddOverlay(tx, by, o.MemberA, good("reduced"))
			return err
		})
		for name, n := range map[string]member.NewOverlay{
			"unknown": good("tired"), "no document": {Kind: "reduced", From: k.Today()},
			"a guest at home": good("temp_here"), "no day": {Kind: "reduced", Document: "x"}, "backwards": {Kind: "reduced", From: k.Today(), To: k.Today(), Document: "x"},
		} {
			if err := add(o.SecretaryA, o.MemberA, n); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		guest := good("temp_here")
		guest.Unit = o.CellB.ID
		testkit.Want(t, add(o.SecretaryB, o.MemberA, guest), errs.NotFound) // who cannot see the person
		testkit.Want(t, add(o.Office, o.MemberA, good("temp_away")), testkit.OK)
		testkit.Want(t, add(o.Office, o.MemberA, good("temp_away")), errs.Conflict)
		testkit.Want(t, add(o.Office, o.MemberA, guest), testkit.OK)
		testkit.Want(t, add(o.SecretaryA, o.LeaderA, good("suspended")), testkit.OK)

		k.View(func(tx *db.Tx) error {
			home, err := member.Roster(tx, o.CellA.ID, k.Today())
			if err != nil {
				return err
			}
			host, err := member.Roster(tx, o.CellB.ID, k.Today())
			for _, row := range []struct {
				name string
				got  member.Rostered
				want member.Rostered
			}{
				{"ordinary", rostered(home, o.SecretaryA), member.Rostered{Expected: true, Votes: true}},
				{"probationary", rostered(home, o.ProbationaryA), member.Rostered{Expected: true}},
				{"exempt", rostered(home, o.ExemptA), member.Rostered{Exempt: true, Votes: true}},
				{"away", rostered(home, o.MemberA), member.Rostered{Away: true, Votes: true}},
				{"guest", rostered(host, o.MemberA), member.Rostered{Here: true, Expected: true}},
				{"suspended", rostered(home, o.LeaderA), member.Rostered{Suspended: true}},
			} {
				got := member.Rostered{
					Here: row.got.Here, Away: row.got.Away, Exempt: row.got.Exempt,
					Suspended: row.got.Suspended, Expected: row.got.Expected, Votes: row.got.Votes,
				}
				if row.got.ID == 0 || !sameStanding(got, row.want) {
					t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
				}
			}
			if !o.As(tx, o.MemberA).Holds(access.Member, o.CellB.ID) {
				t.Error("a guest takes part in no meeting")
			}
			strength, err2 := member.Strength(tx, o.CellA)
			if err2 != nil || strength != (unit.Strength{Official: 25, Probationary: 2}) {
				t.Errorf("strength %v, %v", strength, err2)
			}
			if _, err := member.Find(tx, o.As(tx, o.SecretaryB), o.MemberA); err != nil {
				t.Errorf("the host does not know the guest: %v", err)
			}
			return err
		})
	})
}

func sameStanding(a, b member.Rostered) bool {
	return a.Here == b.Here && a.Away == b.Away && a.Exempt == b.Exempt && a.Suspended == b.Suspended && a.Expected == b.Expected && a.Votes == b.Votes
}

func TestEndOverlay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		exempt := open(k, o, o.ExemptA).Overlays[0]
		end := func(version int64, day clock.Date) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				return member.EndOverlay(tx, by, exempt.ID, version, day, "Sức khỏe tốt")
			}
		}
		everybody(t, k, o, managers(o), end(1, k.Today()))
		everybody(t, k, o, []try{{"stale", o.SecretaryA, errs.Conflict}}, end(2, k.Today()))
		everybody(t, k, o, []try{{"before it began", o.SecretaryA, errs.Invalid}}, end(1, exempt.From.AddDays(-1)))
		k.Update(func(tx *db.Tx) error { return end(1, k.Today())(tx, o.As(tx, o.SecretaryA)) })
		everybody(t, k, o, []try{{"over", o.SecretaryA, errs.Conflict}}, end(2, k.Today().AddDays(1)))
		k.View(func(tx *db.Tx) error {
			roll, err := member.Roster(tx, o.CellA.ID, k.Today())
			if rostered(roll, o.ExemptA).Exempt {
				t.Error("still exempt on the day of return")
			}
			return err
		})
	})
}
