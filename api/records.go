package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"talentmatch/market"
	"talentmatch/store"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// pageParams are the parameters of everything that pages.
type pageParams struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"items a page"`
	Cursor string `query:"cursor" maxLength:"2000" doc:"next_cursor of the page before"`
}

// idParams name one record and guard a write to it.
type idParams struct {
	ID string `path:"id" maxLength:"300" doc:"the record's id; crosswalks: from~to, outcomes: demand~program~year"`
}

type readParams struct {
	idParams
	IfNoneMatch string `header:"If-None-Match" maxLength:"2000" doc:"answers 304 when one of these ETags is current"`
}

type writeParams struct {
	idParams
	guardParams
}

// guardParams are the preconditions of a write.
type guardParams struct {
	IfMatch     string `header:"If-Match" maxLength:"2000" doc:"writes only over one of these ETags, or * over any; else 412"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"2000" doc:"* writes only when there is no such record; else 412"`
}

type deleteParams struct {
	idParams
	IfMatch string `header:"If-Match" maxLength:"2000" doc:"deletes only one of these ETags; else 412"`
}

// page is a list of records.
type page[T any] struct {
	Items      []T      `json:"items"`
	NextCursor string   `json:"next_cursor" doc:"empty at the end"`
	Meta       listMeta `json:"meta"`
}

type listMeta struct {
	Total    int             `json:"total" doc:"stored records of the type"`
	Versions market.Versions `json:"versions"`
}

func (s *server) addRecords() {
	addCollection[talent.Organization](s)
	addCollection[talent.Alliance](s)
	addCollection[talent.Skill](s)
	addCollection[talent.Occupation](s)
	addCollection[talent.Region](s)
	addCollection[talent.Demand](s)
	addCollection[talent.Program](s)
	addCollection[talent.Agreement](s)
	addCollection[talent.Outcome](s)
	addCollection[talent.Crosswalk](s)
	addCollection[talent.Series](s)
}

// collection serves the records of one type.
type collection struct {
	*server
	t    talent.Type
	path string // /v1/demands
}

func addCollection[T any, R interface {
	*T
	talent.Record
}](s *server) {
	t := R(new(T)).RecordType()
	k := collection{s, t, "/v1/" + t.Plural()}
	record := schemaOf[T](s)
	operation := func(verb, method, path, summary string, responses map[string]*huma.Response, errs ...int) huma.Operation {
		return huma.Operation{OperationID: verb + "-" + string(t), Method: method, Path: path, Summary: summary,
			Tags: []string{t.Plural()}, Responses: responses, Errors: errs}
	}
	one := k.path + "/{id}"

	route(s, operation("list", http.MethodGet, k.path, "Page through the "+t.Plural()+" by id", answers(200, schemaOf[page[T]](s))), k.list)
	route(s, operation("get", http.MethodGet, one, "One record", merge(answers(200, record, "ETag"), answers(304, nil, "ETag")), 404), k.get)
	written := func() map[string]*huma.Response {
		return merge(answers(200, record, "ETag", "Location"), answers(201, record, "ETag", "Location"))
	}
	put := operation("put", http.MethodPut, one, "Add or replace a record; the body's id may be left out", written(), 409, 412)
	put.RequestBody = jsonBody(record)
	route(s, put, k.put)
	post := operation("post", http.MethodPost, k.path, "Add or replace the record of the body's id", written(), 409, 412)
	post.RequestBody = jsonBody(record)
	route(s, post, k.post)
	route(s, operation("delete", http.MethodDelete, one, "Delete a record that nothing refers to", answers(204, nil), 403, 404, 409, 412), k.delete)
}

func (k collection) list(ctx context.Context, in *request[pageParams]) (*reply, error) {
	after, err := k.readCursor(in.Params.Cursor)
	if err != nil {
		return nil, err
	}
	// Before the page: it may be newer than the versions say, and never older.
	versions, err := k.market.Versions(ctx)
	if err != nil {
		return nil, err
	}
	found, err := k.market.List(ctx, k.t, after, in.Params.Limit)
	if err != nil {
		return nil, err
	}
	out := page[json.RawMessage]{Items: make([]json.RawMessage, len(found.Items)), NextCursor: k.cursor(found.Next),
		Meta: listMeta{Total: found.Total, Versions: versions}}
	for i := range found.Items {
		out.Items[i] = found.Items[i].Body
	}
	return answerJSON(out)
}

// cursor makes a list's position opaque, so that nobody builds one.
func (k collection) cursor(next string) string {
	if next == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(string(k.t) + ":" + next))
}

func (k collection) readCursor(cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	after, ok := strings.CutPrefix(string(data), string(k.t)+":")
	if err != nil || !ok {
		return "", invalid(ProblemError{Location: "query.cursor", Message: "is not a cursor of this list", Value: talent.Shorten(cursor)})
	}
	return after, nil
}

func (k collection) get(ctx context.Context, in *request[readParams]) (*reply, error) {
	item, err := k.market.Get(ctx, k.t, in.Params.ID)
	if err != nil {
		return nil, err
	}
	header := map[string]string{"ETag": etag(item.Version)}
	if given := in.Params.IfNoneMatch; given != "" && matches(given, item.Version, true) {
		return &reply{status: http.StatusNotModified, header: header}, nil
	}
	return &reply{status: http.StatusOK, header: header, body: append(item.Body[:len(item.Body):len(item.Body)], '\n')}, nil
}

func (k collection) put(ctx context.Context, in *request[writeParams]) (*reply, error) {
	id, body := in.Params.ID, in.Body
	if k.hasID() {
		if !talent.ValidID(id) {
			return nil, invalid(ProblemError{Location: "path.id", Message: "must be 1-128 characters of A-Za-z0-9._:-", Value: talent.Shorten(id)})
		}
		quoted, err := json.Marshal(id)
		if err != nil {
			return nil, err
		}
		body = fill(body, member{"id", quoted})
	}
	rec, err := talent.Decode(body, k.t)
	if err != nil {
		return nil, err
	}
	if got := rec.RecordID(); got != id {
		field := "body"
		if k.hasID() {
			field = "body.id"
		}
		return nil, invalid(ProblemError{Location: field, Message: "must be the id of the path, " + talent.Shorten(id), Value: talent.Shorten(got)})
	}
	version, err := k.guard(ctx, id, in.Params.IfMatch, in.Params.IfNoneMatch)
	if err != nil {
		return nil, err
	}
	return k.store(ctx, rec, version)
}

// hasID reports whether the type's records have a field id; the others are named
// by what they link.
func (k collection) hasID() bool { return k.t != talent.TypeCrosswalk && k.t != talent.TypeOutcome }

func (k collection) post(ctx context.Context, in *request[guardParams]) (*reply, error) {
	rec, err := talent.Decode(in.Body, k.t)
	if err != nil {
		return nil, err
	}
	version, err := k.guard(ctx, rec.RecordID(), in.Params.IfMatch, in.Params.IfNoneMatch)
	if err != nil {
		return nil, err
	}
	return k.store(ctx, rec, version)
}

// store writes the record and answers it as stored.
func (k collection) store(ctx context.Context, rec talent.Record, ifVersion int64) (*reply, error) {
	done, version, err := k.market.Put(ctx, rec, ifVersion)
	if err != nil {
		return nil, guarded(err, ifVersion)
	}
	body, err := talent.Encode(rec)
	if err != nil {
		return nil, err
	}
	out := &reply{status: http.StatusOK, body: append(body, '\n'),
		header: map[string]string{"ETag": etag(version), "Location": k.path + "/" + rec.RecordID()}}
	if done == store.Added {
		out.status = http.StatusCreated
	}
	return out, nil
}

func (k collection) delete(ctx context.Context, in *request[deleteParams]) (*reply, error) {
	id := in.Params.ID
	version, err := k.guard(ctx, id, in.Params.IfMatch, "")
	if err != nil {
		return nil, err
	}
	err = k.market.Delete(ctx, k.t, id, version)
	if errors.Is(err, talent.ErrNotFound) && k.t == talent.TypeRegion && talent.IsBuiltinRegion(id) {
		return nil, newProblem(http.StatusConflict, "region %s is built in and cannot be deleted", id)
	}
	if err != nil {
		return nil, guarded(err, version)
	}
	return &reply{status: http.StatusNoContent}, nil
}

// etag is the entity tag of a version.
func etag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// matches reports whether a list of entity tags has the version's. Weak tags match
// where only caching is at stake (RFC 9110 section 13.1).
func matches(list string, version int64, weak bool) bool {
	for tag := range strings.SplitSeq(list, ",") {
		tag = strings.TrimSpace(tag)
		if weak {
			tag = strings.TrimPrefix(tag, "W/")
		}
		if tag == "*" || tag == etag(version) {
			return true
		}
	}
	return false
}

// guard turns the preconditions of a write into the version that must be stored:
// store.Any without one. The record is read here and the version checked again by
// the write itself, so that nothing slips in between.
func (k collection) guard(ctx context.Context, id, ifMatch, ifNoneMatch string) (int64, error) {
	switch {
	case ifMatch == "" && ifNoneMatch == "":
		return store.Any, nil
	case ifNoneMatch != "" && ifNoneMatch != "*":
		return 0, invalid(ProblemError{Location: "header.If-None-Match", Message: "must be * for a write", Value: talent.Shorten(ifNoneMatch)})
	case ifMatch != "" && ifNoneMatch != "":
		return 0, invalid(ProblemError{Location: "header.If-Match", Message: "must not be given together with If-None-Match", Value: talent.Shorten(ifMatch)})
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		if tag = strings.TrimSpace(tag); ifMatch != "" && tag != "*" && !isTag(tag) {
			return 0, invalid(ProblemError{Location: "header.If-Match", Message: `must be an ETag as a GET answers it, like "v12"`, Value: talent.Shorten(ifMatch)})
		}
	}
	item, err := k.market.Get(ctx, k.t, id)
	exists := err == nil
	switch {
	case err != nil && !errors.Is(err, talent.ErrNotFound):
		return 0, err
	case ifNoneMatch != "" && exists:
		return 0, newProblem(http.StatusPreconditionFailed, "%s %s exists already", k.t, id)
	case ifNoneMatch != "":
		return 0, nil
	case !exists:
		return 0, newProblem(http.StatusPreconditionFailed, "there is no %s %s", k.t, talent.Shorten(id))
	case !matches(ifMatch, item.Version, false):
		return 0, newProblem(http.StatusPreconditionFailed, "%s %s is not what the ETag says: it is %s now", k.t, id, etag(item.Version))
	}
	return item.Version, nil
}

// isTag reports whether s is written like an entity tag.
func isTag(s string) bool {
	s = strings.TrimPrefix(s, "W/")
	return len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' && !strings.Contains(s[1:len(s)-1], `"`)
}

// guarded makes a conflict of a guarded write what RFC 9110 calls it.
func guarded(err error, ifVersion int64) error {
	if errors.Is(err, talent.ErrConflict) && ifVersion != store.Any {
		return newProblem(http.StatusPreconditionFailed, "%s", err)
	}
	return err
}
