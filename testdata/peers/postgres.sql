-- PostgreSQL on the tables of prepare.py, timed inside the server: no client, no network.
--
--   psql -v folder=FOLDER -v top=50 -v gin_queries=20 -f postgres.sql
--
-- Two designs. "relational" joins the skills that count with a covering index of the
-- skills held, takes the best of each need and adds up, levels included. "gin" finds the
-- programs with any of these skills through a GIN index of arrays and scores each of them
-- the same way. Both answer on one core. One line a design and filter: engine, filter,
-- queries, then mean, p50, p99 and maximum in ms, and results a query.

\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET work_mem = '256MB';

CREATE TABLE held (program int, place int, skill int, level smallint);
\set file :folder '/held.tsv'
COPY held FROM :'file';
CREATE INDEX held_skill ON held (skill, place, program, level);
CREATE TABLE program AS SELECT program, min(place) AS place, array_agg(skill ORDER BY skill) AS skills, array_agg(level ORDER BY skill) AS levels FROM held GROUP BY program;
CREATE INDEX program_skills ON program USING gin (skills);
CREATE TABLE asked (query int, filter text, place text, need int, level smallint, weight float8, skill int, sim float8);
\set file :folder '/asked.tsv'
COPY asked FROM :'file' WITH (NULL '-');
CREATE INDEX asked_query ON asked (filter, query);
VACUUM ANALYZE held;
VACUUM ANALYZE program;
VACUUM ANALYZE asked;

CREATE TABLE took (engine text, filter text, ms float8, results int);

-- A place of 0, 2 or 4 digits as a range of prefectures.
CREATE FUNCTION lowest(place text) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT rpad(place, 4, '0')::int $$;
CREATE FUNCTION highest(place text) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT rpad(place, 4, '9')::int $$;

CREATE FUNCTION relational(f text, q int, low int, high int, top int) RETURNS SETOF float8 LANGUAGE plpgsql AS $$
BEGIN
  IF low = 0 AND high = 9999 THEN
    RETURN QUERY SELECT sum(best) FROM (
      SELECT h.program, max(a.weight * a.sim * least(1, h.level::float8 / a.level)) AS best
      FROM asked a JOIN held h ON h.skill = a.skill
      WHERE a.filter = f AND a.query = q GROUP BY h.program, a.need) b
    GROUP BY program ORDER BY 1 DESC, program LIMIT top;
  ELSE
    RETURN QUERY SELECT sum(best) FROM (
      SELECT h.program, max(a.weight * a.sim * least(1, h.level::float8 / a.level)) AS best
      FROM asked a JOIN held h ON h.skill = a.skill AND h.place BETWEEN low AND high
      WHERE a.filter = f AND a.query = q GROUP BY h.program, a.need) b
    GROUP BY program ORDER BY 1 DESC, program LIMIT top;
  END IF;
END $$;

CREATE FUNCTION gin(f text, q int, low int, high int, top int) RETURNS SETOF float8 LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT (SELECT sum(best) FROM (
      SELECT max(a.weight * a.sim * least(1, h.level::float8 / a.level)) AS best
      FROM unnest(p.skills, p.levels) AS h (skill, level) JOIN asked a ON a.skill = h.skill
      WHERE a.filter = f AND a.query = q GROUP BY a.need) b) AS score
    FROM program p
    WHERE p.skills && (SELECT array_agg(DISTINCT skill) FROM asked WHERE filter = f AND query = q) AND p.place BETWEEN low AND high
    ORDER BY 1 DESC, p.program LIMIT top;
END $$;

CREATE PROCEDURE measure(design text, top int, most int) LANGUAGE plpgsql AS $$
DECLARE
  ask record;
  started timestamptz;
  n int;
  round int;
BEGIN
  FOR round IN 0..1 LOOP -- the first one is to warm up
    FOR ask IN SELECT DISTINCT filter, query, lowest(place) AS low, highest(place) AS high FROM asked WHERE query < most ORDER BY 1, 2 LOOP
      CONTINUE WHEN round = 0 AND ask.query >= 50;
      started := clock_timestamp();
      IF design = 'relational' THEN
        SELECT count(*) INTO n FROM relational(ask.filter, ask.query, ask.low, ask.high, top);
      ELSE
        SELECT count(*) INTO n FROM gin(ask.filter, ask.query, ask.low, ask.high, top);
      END IF;
      IF round = 1 THEN
        INSERT INTO took VALUES (design, ask.filter, 1000 * extract(epoch FROM clock_timestamp() - started), n);
      END IF;
    END LOOP;
  END LOOP;
END $$;

CALL measure('relational', :top, 1000000);
CALL measure('gin', :top, :gin_queries);

\pset format unaligned
\pset fieldsep '\t'
\pset tuples_only on
SELECT 'postgresql ' || current_setting('server_version_num')::int / 10000 || ' ' || engine, filter, count(*), avg(ms),
  percentile_disc(0.5) WITHIN GROUP (ORDER BY ms), percentile_disc(0.99) WITHIN GROUP (ORDER BY ms), max(ms), avg(results)
FROM took GROUP BY engine, filter ORDER BY engine DESC, filter;
