package api

import (
	"time"

	"chibo/internal/domain/upkeep"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/job"
)

// OfJob names the job in the address.
type OfJob struct {
	Job pathID[job.Job] `path:"job"`
}

// upkeepOperations are for who keeps the program, at the root.
func upkeepOperations() []operation {
	keeps := may(access.Settings, "root")
	return []operation{
		read("GET /jobs", "upkeep.Jobs", keeps, func(c call, _ *struct{}) (Queue, error) {
			queue, dead, err := upkeep.Jobs(c.tx, c.by)
			return Queue{queue.Waiting, queue.Oldest, all(newJob, dead)}, err
		}),
		write("POST /jobs/{job}/again", "upkeep.TryAgain", keeps, func(c call, in *OfJob) (nothing, error) {
			return done(upkeep.TryAgain(c.tx, c.by, in.Job.ID))
		}),
		write("DELETE /jobs/{job}", "upkeep.Drop", keeps, func(c call, in *OfJob) (nothing, error) {
			return done(upkeep.Drop(c.tx, c.by, in.Job.ID))
		}),
	}
}

// Queue is the state of the queue.
type Queue struct {
	Waiting int       `json:"waiting"`
	Oldest  time.Time `json:"oldest,omitzero" doc:"When the job that waits longest was due."`
	Failed  []Job     `json:"failed" nullable:"false" doc:"Those that failed too often, the newest first."`
}

// Job is a job that failed too often. What it was about is not told.
type Job struct {
	ID      job.ID    `json:"id"`
	Kind    string    `json:"kind"`
	Due     time.Time `json:"due"`
	Attempt int       `json:"attempt"`
	Failure string    `json:"failure"`
}

func newJob(j job.Job) Job { return Job{j.ID, j.Kind, j.Due, j.Attempt, j.Failure} }
