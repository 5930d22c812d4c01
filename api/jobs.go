package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"

	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// Long work is a job: the request that asks for it is answered at once, and the job is
// looked at until it is done. One runs at a time, since each takes all cores; jobsWaiting
// may wait. The last jobsKept that ended are remembered until the server stops.
const (
	jobsWaiting = 20
	jobsKept    = 100
)

// jobAnswer is what a job is at the moment.
type jobAnswer struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind" enum:"allocation,forecast,backtest,causes"`
	Status string   `json:"status" enum:"waiting,running,done,failed,cancelled"`
	Step   string   `json:"step,omitempty" doc:"what is being done"`
	Done   int      `json:"done" doc:"of the step, so far"`
	Total  int      `json:"total" doc:"of the step; 0 when that is not known"`
	Result string   `json:"result,omitempty" doc:"where what came out is, once done"`
	Error  *Problem `json:"error,omitempty" doc:"why it failed"`
}

// A job is work on its way. Its fields are guarded by the list's lock.
type job struct {
	jobAnswer
	work   func(ctx context.Context, progress func(step string, done, total int)) (result string, err error)
	cancel context.CancelFunc
	ctx    context.Context
}

// jobs are all that the server knows.
type jobs struct {
	mu      sync.Mutex
	all     map[string]*job
	waiting []*job
	ended   []string // ids, oldest first
	running bool
	number  int
	report  func(err error) // of a job that panicked
}

func newJobs(report func(error)) *jobs { return &jobs{all: map[string]*job{}, report: report} }

// start queues work.
func (j *jobs) start(ctx context.Context, kind string, work func(context.Context, func(string, int, int)) (string, error)) (jobAnswer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.waiting) >= jobsWaiting {
		return jobAnswer{}, newProblem(http.StatusServiceUnavailable, "%d jobs are waiting; try again later", len(j.waiting)).with("Retry-After", "30")
	}
	j.number++
	x := &job{jobAnswer: jobAnswer{ID: fmt.Sprint(j.number), Kind: kind, Status: "waiting"}, work: work}
	x.ctx, x.cancel = context.WithCancel(context.WithoutCancel(ctx))
	j.all[x.ID] = x
	j.waiting = append(j.waiting, x)
	if !j.running {
		j.running = true
		go j.run()
	}
	return x.jobAnswer, nil
}

// run does what waits, one after the other.
func (j *jobs) run() {
	for {
		j.mu.Lock()
		if len(j.waiting) == 0 {
			j.running = false
			j.mu.Unlock()
			return
		}
		x := j.waiting[0]
		j.waiting = j.waiting[1:]
		x.Status = "running"
		j.mu.Unlock()
		result, err := j.do(x)
		j.mu.Lock()
		switch {
		case x.ctx.Err() != nil:
			x.Status = "cancelled"
		case err != nil:
			x.Status, x.Error = "failed", problemOf(err, "body")
		default:
			x.Status, x.Result = "done", result
		}
		j.end(x)
		j.mu.Unlock()
	}
}

// do does one job; a panic fails it and nothing else.
func (j *jobs) do(x *job) (result string, err error) {
	defer func() {
		if v := recover(); v != nil {
			j.report(fmt.Errorf("job %s: panic: %v\n%s", x.ID, v, debug.Stack()))
			err = newProblem(http.StatusInternalServerError, "the job failed; the server's log says why")
		}
	}()
	return x.work(x.ctx, func(step string, done, total int) {
		j.mu.Lock()
		x.Step, x.Done, x.Total = step, done, total
		j.mu.Unlock()
	})
}

// end forgets the oldest of those that ended.
func (j *jobs) end(x *job) {
	x.cancel()
	x.work = nil
	j.ended = append(j.ended, x.ID)
	if len(j.ended) > jobsKept {
		delete(j.all, j.ended[0])
		j.ended = j.ended[1:]
	}
}

func (j *jobs) get(id string) (jobAnswer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if x := j.all[id]; x != nil {
		return x.jobAnswer, nil
	}
	return jobAnswer{}, fmt.Errorf("job %s: %w", talent.Shorten(id), talent.ErrNotFound)
}

// stop cancels a job; one that has ended stays as it is.
func (j *jobs) stop(id string) (jobAnswer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	x := j.all[id]
	if x == nil {
		return jobAnswer{}, fmt.Errorf("job %s: %w", talent.Shorten(id), talent.ErrNotFound)
	}
	for i, w := range j.waiting {
		if w == x {
			j.waiting = append(j.waiting[:i:i], j.waiting[i+1:]...)
			x.Status = "cancelled"
			j.end(x)
			return x.jobAnswer, nil
		}
	}
	x.cancel()
	return x.jobAnswer, nil
}

type jobParams struct {
	ID string `path:"id" maxLength:"20"`
}

func (s *server) addJobs() {
	op := func(id, method, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/jobs/{id}", Summary: summary, Tags: []string{"jobs"},
			Responses: answers(200, schemaOf[jobAnswer](s)), Errors: []int{404}}
	}
	route(s, op("job", http.MethodGet, "How far a job is"), func(_ context.Context, in *request[jobParams]) (*reply, error) {
		a, err := s.jobs.get(in.Params.ID)
		if err != nil {
			return nil, err
		}
		return answerJSON(a)
	})
	route(s, op("cancel-job", http.MethodDelete, "Stop a job; nothing of it is kept"), func(_ context.Context, in *request[jobParams]) (*reply, error) {
		a, err := s.jobs.stop(in.Params.ID)
		if err != nil {
			return nil, err
		}
		return answerJSON(a)
	})
}

// accepted is a 202 with the job and where it can be looked at.
func accepted(a jobAnswer) (*reply, error) {
	out, err := answerJSON(a)
	if err != nil {
		return nil, err
	}
	out.status, out.header = http.StatusAccepted, map[string]string{"Location": "/v1/jobs/" + a.ID}
	return out, nil
}
