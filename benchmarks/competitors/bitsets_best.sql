-- For each opportunity its best volunteers by the whole rule, found by an index on where they go.
SELECT offer.id, best.id, best.total
FROM offer CROSS JOIN LATERAL (
    SELECT person.id, 100 / asked::float * (
        30 * coalesce(languages.share, 0)
        + 25 * coalesce(greatest(skills.share, 0.5::float + 0.2::float * skills.share), 0)
        + 20 * CASE WHEN is_remote THEN 1 ELSE coalesce(near.share, 0.5::float) END
        + 10 * CASE WHEN offer.times = 0 THEN 0 ELSE greatest(common.share, 0.5::float + 0.2::float * common.share) END
        + 10 * CASE WHEN fields = 0 THEN 0.5::float WHEN fields & field <> 0 THEN 1
            WHEN fields & related_fields <> 0 THEN 0.5::float ELSE 0 END
        + 5 * CASE WHEN asks_motive THEN greatest(motive.share, 0.5::float + 0.2::float * motive.share) ELSE 0 END
    ) AS total
    FROM person
    LEFT JOIN near ON near.here = offer.spot AND near.there = person.spot
    CROSS JOIN LATERAL (
        SELECT (
            coalesce(sum(credit) FILTER (WHERE role <> 'one_of'), 0)
            + coalesce(max(credit) FILTER (WHERE role = 'one_of'), 0)
            + CASE WHEN offer.german = 0 THEN 0 WHEN person.german = 0 THEN 0.5::float
                ELSE least(1, person.german / offer.german::float) END
        ) / nullif(many_languages, 0) AS share
        FROM need CROSS JOIN LATERAL (
            SELECT levels[language] AS told, CASE levels[language] WHEN 255 THEN 1 ELSE levels[language] END AS known
        ) AS spoken CROSS JOIN LATERAL (
            SELECT CASE
                WHEN told = 0 THEN 0
                WHEN told = 255 AND level > 0 THEN least(0.5::float, plain)
                ELSE plain END AS credit
            FROM (SELECT CASE
                WHEN is_interpreting AND known < greatest(level, 4) THEN 0.8::float * known / greatest(level, 4)
                WHEN is_interpreting THEN least(1, 0.8::float + 0.1::float * (known - greatest(level, 4)))
                WHEN level = 0 THEN 1
                ELSE least(1, known / level::float) END AS plain) AS by_level
        ) AS credits
        WHERE need.offer = offer.id
    ) AS languages
    CROSS JOIN LATERAL (
        SELECT (
            CASE WHEN many_required = 0 THEN 0 ELSE 0.7::float * (bit_count(required & skills)
                + 0.3::float * bit_count(required & related_skills & ~skills)) / many_required END
            + CASE WHEN many_wanted = 0 THEN 0 ELSE 0.3::float * (bit_count(wanted & skills)
                + 0.3::float * bit_count(wanted & related_skills & ~skills)) / many_wanted END
        ) / nullif(0.7::float * (many_required > 0)::int + 0.3::float * (many_wanted > 0)::int, 0) AS share
    ) AS skills
    CROSS JOIN LATERAL (
        SELECT bit_count((offer.times & person.times)::bit(21)) / nullif(many_times, 0)::float AS share
    ) AS common
    CROSS JOIN LATERAL (
        SELECT greatest(
            (gives_back AND newcomers AND bit_count(ladder & named) > 0)::int,
            (uses_qualification AND bit_count((required | wanted) & evidence) > 0)::int,
            CASE WHEN seeks_work THEN work ELSE 0 END,
            (meets_people AND is_in_team)::int
        ) AS share
    ) AS motive
    WHERE reached && area
        AND (is_remote OR near.way IS NULL OR near.way <= reach)
        AND ladder & needed = needed
        AND (bit_count(one_of) = 0 OR bit_count(ladder & one_of) > 0)
        AND (offer.german = 0 OR person.german = 0 OR person.german > offer.german - 2)
        AND (offer.times = 0 OR person.times = 0 OR offer.times & person.times <> 0)
        AND (birth_year IS NULL OR date_part('year', current_date) - birth_year >= min_age)
        AND (NOT is_for_women OR gender IN ('', 'woman'))
        AND refused & field = 0
        AND NOT EXISTS (SELECT FROM decided WHERE decided.offer = offer.id AND decided.person = person.id)
    ORDER BY total DESC, person.id
    LIMIT %(number)s
) AS best
