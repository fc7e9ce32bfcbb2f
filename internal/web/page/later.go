package page

import "net/http"

// Later answers with what make gives once the transaction is over: for work
// that is slow and reads nothing more, such as writing a file.
func Later(make func() (Answer, error)) Answer { return later(make) }

type later func() (Answer, error)

func (l later) write(w http.ResponseWriter, r *http.Request) error {
	answer, err := l()
	if err != nil {
		return err
	}
	return answer.write(w, r)
}
