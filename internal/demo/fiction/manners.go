package fiction

// Manner is how a cell goes about its month. Shares are of a hundred.
type Manner struct {
	Attendance int // of those expected
	Absentees  int // of those missing, without a reason
	Speakers   int // of those present
	Done       int // of its tasks, in time
	Diligence  int // of the optional steps
	Scores     int // of the points nobody can measure
	Tasks      [2]int

	Trait Trait
}

// Trait is what a cell is known for at the committee above.
type Trait string

const (
	Plain    Trait = ""
	Good     Trait = "good"     // everything as it should be
	Silent   Trait = "silent"   // has not met for two months
	Tardy    Trait = "tardy"    // meets, publishes and reports late
	Copying  Trait = "copying"  // says the same every month
	Boastful Trait = "boastful" // claims far more than the records show
	Sparse   Trait = "sparse"   // few come
	Orphan   Trait = "orphan"   // has had no secretary for some months
)

var manners = map[Trait]Manner{
	Good:     {Attendance: 97, Absentees: 0, Speakers: 55, Done: 94, Diligence: 95, Scores: 95, Tasks: [2]int{5, 7}},
	Plain:    {Attendance: 92, Absentees: 3, Speakers: 38, Done: 82, Diligence: 70, Scores: 88, Tasks: [2]int{3, 5}},
	Silent:   {Attendance: 80, Absentees: 15, Speakers: 15, Done: 45, Diligence: 25, Scores: 75, Tasks: [2]int{2, 3}},
	Tardy:    {Attendance: 88, Absentees: 8, Speakers: 26, Done: 62, Diligence: 40, Scores: 80, Tasks: [2]int{3, 4}},
	Copying:  {Attendance: 90, Absentees: 5, Speakers: 18, Done: 70, Diligence: 45, Scores: 85, Tasks: [2]int{3, 3}},
	Boastful: {Attendance: 78, Absentees: 10, Speakers: 16, Done: 48, Diligence: 35, Scores: 100, Tasks: [2]int{3, 4}},
	Sparse:   {Attendance: 61, Absentees: 20, Speakers: 30, Done: 66, Diligence: 55, Scores: 78, Tasks: [2]int{3, 4}},
	Orphan:   {Attendance: 86, Absentees: 6, Speakers: 30, Done: 68, Diligence: 50, Scores: 80, Tasks: [2]int{3, 4}},
}

// Like is the manner of a cell with the trait; ordinary cells differ a little
// from each other.
func Like(d Dice, t Trait) Manner {
	m := manners[t]
	m.Trait = t
	if t == Plain {
		m.Attendance += d.Between(-3, 4)
		m.Speakers += d.Between(-8, 12)
		m.Done += d.Between(-10, 10)
		m.Diligence += d.Between(-15, 20)
	}
	return m
}
