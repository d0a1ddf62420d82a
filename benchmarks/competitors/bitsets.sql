-- Tables of bit sets, made of the tables of the house; making them is not measured. Members are numbered by their keys.
CREATE TEMP TABLE spot AS
SELECT 3 * id AS id, city_id AS town, id AS hood, latitude, longitude, false AS is_town FROM engagement_neighbourhood
UNION ALL
SELECT 3 * id + 1, city_id, neighbourhood_id, latitude, longitude, false FROM engagement_postcode
UNION ALL
SELECT 3 * city_id + 2, city_id, NULL, avg(latitude), avg(longitude), true
FROM (
    SELECT city_id, latitude, longitude FROM engagement_neighbourhood
    UNION ALL
    SELECT city_id, latitude, longitude FROM engagement_postcode
) AS known
GROUP BY city_id;

-- A set of numbers below 192, and what an empty one is.
CREATE FUNCTION pg_temp.bits(members bigint[]) RETURNS bit(192) IMMUTABLE LANGUAGE sql AS $$
    SELECT coalesce(bit_or(set_bit(repeat('0', 192)::bit(192), member::int, 1)), repeat('0', 192)::bit(192))
    FROM unnest(members) AS member
$$;
CREATE FUNCTION pg_temp.mask(members bigint[]) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
    SELECT coalesce(bit_or(1::bigint << member::int), 0) FROM unnest(members) AS member
$$;
-- Levels as a ladder: of each language a bit for its name and one for each level reached. Untold is taken for the top.
CREATE FUNCTION pg_temp.ladder(language bigint, level int) RETURNS bit(1024) IMMUTABLE LANGUAGE sql AS $$
    SELECT ((repeat('0', 8 * language::int) || repeat('1', 1 + least(level, 7)))::bit(1024))
$$;
CREATE FUNCTION pg_temp.rung(language bigint, level int) RETURNS bit(1024) IMMUTABLE LANGUAGE sql AS $$
    SELECT set_bit(repeat('0', 1024)::bit(1024), 8 * language::int + level, 1)
$$;

CREATE TEMP TABLE person AS
SELECT
    v.id,
    coalesce(v.reach_km, 25) AS reach,
    v.birth_year,
    v.gender,
    'give_back' = ANY (v.motives) AS gives_back,
    'use_qualification' = ANY (v.motives) AS uses_qualification,
    'way_into_work' = ANY (v.motives) AS seeks_work,
    'meet_people' = ANY (v.motives) AS meets_people,
    pg_temp.mask(v.times) AS times,
    pg_temp.mask(ARRAY(SELECT field_id FROM volunteers_volunteer_fields WHERE volunteer_id = v.id)) AS fields,
    pg_temp.mask(ARRAY(SELECT field_id FROM volunteers_volunteer_refused_fields WHERE volunteer_id = v.id)) AS refused,
    pg_temp.bits(ARRAY(SELECT skill_id FROM volunteers_competence WHERE volunteer_id = v.id)) AS skills,
    pg_temp.bits(ARRAY(
        SELECT other.id FROM volunteers_competence JOIN engagement_skill own ON own.id = skill_id
        JOIN engagement_skill other ON other.group_id = own.group_id WHERE volunteer_id = v.id
    )) AS related_skills,
    pg_temp.bits(ARRAY(
        SELECT skill_id FROM volunteers_competence WHERE volunteer_id = v.id AND has_evidence
    )) AS evidence,
    coalesce((
        SELECT bit_or(pg_temp.ladder(language_id, coalesce(level, 7)))
        FROM volunteers_spokenlanguage WHERE volunteer_id = v.id
    ), repeat('0', 1024)::bit(1024)) AS ladder,
    -- By number of the language: 0 not named, 255 named without a level.
    ARRAY(
        SELECT CASE WHEN s.id IS NULL THEN 0 ELSE coalesce(s.level, 255) END
        FROM generate_series(1, 128) AS number
        LEFT JOIN volunteers_spokenlanguage s ON s.volunteer_id = v.id AND s.language_id = number ORDER BY number
    )::smallint[] AS levels,
    coalesce((
        SELECT level FROM volunteers_spokenlanguage s JOIN engagement_language l ON l.id = s.language_id
        WHERE s.volunteer_id = v.id AND l.code = 'de'
    ), 0) AS german,
    home.id AS spot,
    CASE WHEN home.id IS NULL THEN box '(180,90),(-180,-90)' ELSE box(
        point(home.longitude - wide / 60, home.latitude - wide / 100),
        point(home.longitude + wide / 60, home.latitude + wide / 100)
    ) END AS reached
FROM volunteers_volunteer v
LEFT JOIN spot home ON home.id = coalesce(3 * v.neighbourhood_id, 3 * v.postcode_id + 1)
-- Places that touch are within two kilometres whatever the air line says.
CROSS JOIN LATERAL (SELECT greatest(coalesce(v.reach_km, 25), 10)::float AS wide) AS reach
WHERE NOT v.is_paused AND (v.paused_until IS NULL OR v.paused_until <= current_date)
    AND EXISTS (
        SELECT FROM volunteers_consent WHERE volunteer_id = v.id AND purpose = 'profile' AND withdrawn_at IS NULL
    )
    AND v.max_load > (
        SELECT count(*) FROM matching_match
        WHERE volunteer_id = v.id AND state IN ('proposed', 'interested', 'trial', 'placed')
    );
CREATE INDEX ON person USING gist (reached);

CREATE TEMP TABLE need AS
SELECT opportunity_id AS offer, language_id AS language, coalesce(level, 0) AS level, role FROM organisations_neededlanguage;
CREATE INDEX ON need (offer);

CREATE TEMP TABLE offer AS
SELECT
    o.*,
    bit_count(required) AS many_required,
    bit_count(wanted) AS many_wanted,
    bit_count(times::bit(21)) AS many_times,
    languages + (german > 0)::int AS many_languages,
    30 * (languages > 0 OR german > 0)::int + 25 * (bit_count(required | wanted) > 0)::int + 20
        + 10 * (times <> 0)::int + 10 + 5 * asks_motive::int AS asked,
    CASE WHEN is_remote THEN box '(180,90),(-180,-90)' ELSE (
        SELECT box(point(max(longitude), max(latitude)), point(min(longitude), min(latitude)))
        FROM spot WHERE CASE WHEN spot % 3 = 2 THEN town = spot / 3 ELSE id = spot END
    ) END AS area
FROM (
    SELECT *, bit_count(required | wanted) > 0 OR newcomers OR work > 0 OR is_in_team AS asks_motive
    FROM (
        SELECT
            o.id,
            coalesce(o.german_needed, 0) AS german,
            coalesce(o.min_age, 0) AS min_age,
            o.only_for = 'women' AS is_for_women,
            o.place = 'remote' AS is_remote,
            f.code = 'SPRACHMITTLUNG' AS is_interpreting,
            1::bigint << f.id::int AS field,
            pg_temp.mask(ARRAY(SELECT id FROM engagement_field WHERE category = f.category)) AS related_fields,
            pg_temp.mask(o.times) AS times,
            coalesce(o.serves_newcomers, false) AS newcomers,
            coalesce(o.is_in_team, false) AS is_in_team,
            (coalesce(o.gives_certificate, false)::int + coalesce(o.is_accompanied, false)::int
                + (o.frequency IN ('weekly', 'biweekly'))::int) / 3.0::float AS work,
            pg_temp.bits(ARRAY(
                SELECT skill_id FROM organisations_opportunity_skills_required WHERE opportunity_id = o.id
            )) AS required,
            pg_temp.bits(ARRAY(
                SELECT skill_id FROM organisations_opportunity_skills_wanted WHERE opportunity_id = o.id
            )) AS wanted,
            (SELECT count(*) FILTER (WHERE role <> 'one_of') + count(DISTINCT role) FILTER (WHERE role = 'one_of')
                FROM need WHERE offer = o.id) AS languages,
            coalesce((
                SELECT bit_or(pg_temp.rung(language, level)) FROM need WHERE offer = o.id AND role = 'required'
            ), repeat('0', 1024)::bit(1024)) AS needed,
            coalesce((
                SELECT bit_or(pg_temp.rung(language, level)) FROM need WHERE offer = o.id AND role = 'one_of'
            ), repeat('0', 1024)::bit(1024)) AS one_of,
            coalesce((
                SELECT bit_or(pg_temp.rung(language, 0)) FROM need WHERE offer = o.id
            ), repeat('0', 1024)::bit(1024)) AS named,
            CASE WHEN o.place = 'neighbourhood' THEN coalesce((
                SELECT 3 * min(neighbourhood_id) FROM organisations_opportunity_neighbourhoods
                WHERE opportunity_id = o.id
            ), 3 * o.city_id + 2) ELSE 3 * o.city_id + 2 END AS spot
        FROM organisations_opportunity o JOIN engagement_field f ON f.id = o.field_id
        WHERE o.status = 'published'
    ) AS o
) AS o;

-- How near places are: a row for each pair that occurs.
CREATE TEMP TABLE near AS
SELECT here, there, way, CASE
    WHEN way = 0 THEN 1.0 WHEN way <= 2 THEN 0.85 WHEN way <= 5 THEN 0.6 WHEN way <= 8 THEN 0.35
    WHEN in_one_town THEN 0.2 ELSE 0.05 END::float AS share
FROM (
    SELECT here.id AS here, there.id AS there, here.town = there.town AS in_one_town, CASE
        WHEN here.hood = there.hood OR (here.town = there.town AND (here.is_town OR there.is_town)) THEN 0
        WHEN border.crosses_rhine THEN greatest(km, 5)
        WHEN border.relation = 'touches' THEN least(km, 2)
        ELSE km END AS way
    FROM (SELECT DISTINCT spot FROM offer) AS o JOIN spot here ON here.id = o.spot
    CROSS JOIN ((SELECT DISTINCT spot FROM person) AS p JOIN spot there ON there.id = p.spot)
    LEFT JOIN engagement_adjacency border
        ON (border.one_id, border.other_id) IN ((here.hood, there.hood), (there.hood, here.hood))
    CROSS JOIN LATERAL (
        SELECT 6371 * sqrt(
            power(radians(here.latitude - there.latitude), 2)
            + power(radians(here.longitude - there.longitude)
                * cos(radians(here.latitude + there.latitude) / 2), 2)
        ) AS km
    ) AS air_line
) AS pairs;
CREATE UNIQUE INDEX ON near (here, there);

CREATE TEMP TABLE decided AS
SELECT opportunity_id AS offer, volunteer_id AS person FROM matching_match WHERE volunteer_id IS NOT NULL;
CREATE INDEX ON decided (offer, person);
ANALYZE;
