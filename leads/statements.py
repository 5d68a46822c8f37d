"""The long SQL statements of this app. Parameters are named; a comment says what each does and returns."""

from __future__ import annotations

# Stores new activities with their keys and dirty marks; a known key of `source` is left out.
# Returns the place of each stored row among those given, its id, and whether it is a click or opening of a mail.
# Keys are inserted in order, so that two batches with common keys wait for each other instead of deadlocking.
RECORD_ACTIVITIES = """
WITH given AS (
    SELECT DISTINCT ON (key) place, lead_id, type_id, occurred_at, object, properties::jsonb, key
    FROM unnest(%(leads)s::bigint[], %(types)s::smallint[], %(times)s::timestamptz[], %(objects)s::text[],
                %(properties)s::text[], %(keys)s::text[])
         WITH ORDINALITY AS row(lead_id, type_id, occurred_at, object, properties, key, place)
    ORDER BY key, place
), numbered AS MATERIALIZED (
    SELECT *, nextval('leads_activity_id_seq') AS id FROM given
), fresh AS (
    INSERT INTO leads_activitykey (source, key, activity_id, occurred_at)
    SELECT %(source)s, key, id, occurred_at FROM numbered ORDER BY key
    ON CONFLICT DO NOTHING RETURNING activity_id
), stored AS (
    INSERT INTO leads_activity (id, lead_id, type_id, occurred_at, received_at, object, properties, source)
    SELECT id, lead_id, type_id, occurred_at, %(now)s, object, properties, %(source)s
    FROM numbered JOIN fresh ON fresh.activity_id = numbered.id
    RETURNING id, lead_id
), marked AS (
    INSERT INTO leads_dirtymark (lead_id, marked_at) SELECT DISTINCT lead_id, %(now)s::timestamptz FROM stored
)
SELECT place - 1, numbered.id, type_id IN (SELECT id FROM leads_activitytype WHERE code = ANY(%(mail_types)s))
FROM numbered JOIN stored ON stored.id = numbered.id
"""

# Leaves activities of one lead out of its scores and records why. Its row count says how many were counted until then.
EXCLUDE_ACTIVITIES = """
WITH chosen AS MATERIALIZED (
    SELECT id, occurred_at FROM leads_activity
    WHERE lead_id = %(lead)s AND id = ANY(%(activities)s) AND NOT is_excluded FOR UPDATE
), changed AS (
    UPDATE leads_activity AS activity SET is_excluded = true FROM chosen
    WHERE activity.lead_id = %(lead)s AND activity.id = chosen.id AND activity.occurred_at = chosen.occurred_at
)
INSERT INTO leads_exclusion (lead_id, activity_id, occurred_at, reason, note, by_id, at)
SELECT %(lead)s, id, occurred_at, %(reason)s, %(note)s, %(by)s, %(now)s FROM chosen
ON CONFLICT (activity_id) WHERE reverted_at IS NULL DO NOTHING
"""

# Locks the slots of leads, in order, until the end of the transaction.
LOCK_SCANNED_LEADS = """
SELECT pg_advisory_xact_lock(hashtext('leads_scanner'), slot)
FROM (SELECT DISTINCT (lead_id %% %(locks)s)::integer AS slot FROM unnest(%(leads)s::bigint[]) AS lead_id
      ORDER BY slot) AS slots
"""

# Excludes clicks and openings that are a program's, among those around fresh ones: a click at once after sending, a
# burst, and a train of links so early that nobody can have read between them. Its row count says how many.
# Only the minute around fresh rows is read. A link counts where it was not clicked within the burst before, so that
# counting rows counts links (never too many). Times on the whole minute are left alone: files often know no seconds.
# What a person counted after all is not taken again.
EXCLUDE_SCANNERS = """
WITH touched AS (
    SELECT DISTINCT lead_id, date_bin(%(bin)s, at, 'epoch') AS begun
    FROM unnest(%(leads)s::bigint[], %(times)s::timestamptz[]) AS fresh(lead_id, at)
), near AS (
    SELECT DISTINCT activity.id, activity.lead_id, activity.occurred_at, activity.is_excluded, activity.object,
           type.code = %(click)s AS is_click, coalesce(activity.properties ->> %(mail)s, '') AS mail,
           CASE WHEN pg_input_is_valid(activity.properties ->> %(sent)s, 'timestamptz')
                THEN (activity.properties ->> %(sent)s)::timestamptz END AS sent_at
    FROM touched
    JOIN leads_activity AS activity ON activity.lead_id = touched.lead_id
         AND activity.occurred_at BETWEEN begun - %(early)s::interval AND begun + %(bin)s + %(early)s::interval
    JOIN leads_activitytype AS type ON type.id = activity.type_id
    WHERE type.code IN (%(click)s, %(open)s) AND activity.occurred_at BETWEEN %(first)s AND %(last)s
          AND date_trunc('minute', activity.occurred_at) <> activity.occurred_at
), linked AS (
    SELECT *, is_click AND coalesce(occurred_at - lag(occurred_at) OVER link > %(burst)s, true) AS is_link
    FROM near WINDOW link AS (PARTITION BY lead_id, mail, is_click, object ORDER BY occurred_at, id)
), timed AS (
    SELECT *, is_click AND coalesce(sent_at BETWEEN occurred_at - %(soon)s::interval AND occurred_at + %(soon)s, false)
               AS is_soon,
           is_click AND coalesce(sent_at BETWEEN occurred_at - %(at_once)s::interval AND occurred_at + %(soon)s, false)
               AS is_at_once,
           is_click AND coalesce(sent_at BETWEEN occurred_at - %(early)s::interval AND occurred_at + %(soon)s, false)
               AS is_early
    FROM linked
), counted AS (
    SELECT *, count(*) FILTER (WHERE is_link) OVER burst AS links,
           count(*) FILTER (WHERE is_link) OVER flash AS flashed,
           count(*) FILTER (WHERE is_link AND is_early) OVER (PARTITION BY lead_id, mail) AS links_early
    FROM timed
    WINDOW burst AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                     RANGE BETWEEN CURRENT ROW AND %(burst)s::interval FOLLOWING),
           flash AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                     RANGE BETWEEN CURRENT ROW AND %(flash)s::interval FOLLOWING)
), judged AS (
    SELECT *, is_at_once OR (is_early AND links_early >= %(links)s)
              OR bool_or(links >= %(links)s OR (is_soon AND links >= %(links_soon)s)) OVER before_burst
              OR bool_or(flashed >= %(links_flash)s) OVER before_flash AS is_scanner
    FROM counted
    WINDOW before_burst AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                            RANGE BETWEEN %(burst)s::interval PRECEDING AND CURRENT ROW),
           before_flash AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                            RANGE BETWEEN %(flash)s::interval PRECEDING AND CURRENT ROW)
), scanned AS MATERIALIZED (
    SELECT id, lead_id, occurred_at FROM judged
    WHERE is_scanner AND NOT is_excluded AND NOT EXISTS (
        SELECT FROM leads_exclusion WHERE activity_id = judged.id AND lead_id = judged.lead_id
               AND occurred_at = judged.occurred_at)
), changed AS (
    UPDATE leads_activity AS activity SET is_excluded = true FROM scanned
    WHERE activity.id = scanned.id AND activity.occurred_at = scanned.occurred_at
          AND activity.occurred_at BETWEEN %(first)s AND %(last)s
)
INSERT INTO leads_exclusion (lead_id, activity_id, occurred_at, reason, at)
SELECT lead_id, id, occurred_at, %(reason)s, %(now)s FROM scanned
ON CONFLICT (activity_id) WHERE reverted_at IS NULL DO NOTHING
"""

# Moves leads that stand in `behind` to the stage `to` and records it. Its row count says how many moved.
# Locked in the order of their ids, as everywhere; whoever was moved meanwhile is judged by where it stands after that.
ADVANCE_STAGES = """
WITH standing AS MATERIALIZED (
    SELECT id, stage FROM leads_lead
    WHERE id = ANY(%(ids)s::bigint[]) AND stage = ANY(%(behind)s) ORDER BY id FOR NO KEY UPDATE
), moved AS (
    UPDATE leads_lead SET stage = %(to)s FROM standing WHERE leads_lead.id = standing.id
    RETURNING leads_lead.id, standing.stage AS before
)
INSERT INTO leads_stagechange (lead_id, before, after, at, reason, note, version)
SELECT id, before, %(to)s, %(now)s, %(reason)s, '', %(version)s FROM moved ORDER BY id"""

# Returns key, lead and whether that lead is anonymous, for the browsers that were seen.
VISITOR_OWNERS = """
SELECT visitor.key, lead.id, lead.is_anonymous FROM leads_visitor AS visitor
JOIN leads_lead AS lead ON lead.id = visitor.lead_id WHERE visitor.key = ANY(%s::text[])"""

# For two leads (kept, merged): how many activities of the second the first has as well, and how many it has in all.
COUNT_SHARED_ACTIVITIES = """
SELECT count(*) FILTER (WHERE EXISTS (
    SELECT FROM leads_activity AS twin WHERE twin.lead_id = %s AND twin.occurred_at = one.occurred_at
      AND twin.type_id = one.type_id AND twin.object = one.object)), count(*)
FROM leads_activity AS one WHERE one.lead_id = %s"""

# Returns lead and instant for leads that began anonymous and got a name.
NAMED_AT = """
SELECT pgh_obj_id, min(pgh_created_at) FILTER (WHERE NOT is_anonymous) FROM leads_leadevent
WHERE pgh_obj_id = ANY(%s::bigint[]) GROUP BY pgh_obj_id HAVING bool_or(is_anonymous) AND NOT bool_and(is_anonymous)"""

# Holders of each of these keys, no more than `most`; of what was deleted or merged away nobody holds one.
LEADS_OF_KEYS = """
SELECT wanted.key, held.lead_id FROM unnest(%(keys)s::bigint[]) AS wanted(key)
CROSS JOIN LATERAL (
    SELECT lead_id FROM leads_identitykey AS own WHERE own.key = wanted.key LIMIT %(most)s
) AS held
"""

# Replaces the keys of these leads by those given; a lead without any has none afterwards. Returns the keys that went.
REPLACE_IDENTITY_KEYS = """
WITH given AS (
    SELECT key, lead_id FROM unnest(%(keys)s::bigint[], %(holders)s::bigint[]) AS row(key, lead_id)
), gone AS (
    DELETE FROM leads_identitykey AS own WHERE lead_id = ANY(%(leads)s)
        AND NOT EXISTS (SELECT FROM given WHERE given.key = own.key AND given.lead_id = own.lead_id)
    RETURNING key
), fresh AS (
    INSERT INTO leads_identitykey (key, lead_id) SELECT key, lead_id FROM given ON CONFLICT DO NOTHING
)
SELECT DISTINCT key FROM gone
"""

# Keeps keys that too many leads hold, with what they stand for; returns those that were not known as such.
KEEP_COMMON_VALUES = """
INSERT INTO leads_commonvalue (key, kind, value, found_at)
SELECT key, kind, value, %(now)s
FROM unnest(%(keys)s::bigint[], %(kinds)s::text[], %(values)s::text[]) AS row(key, kind, value) ORDER BY key
ON CONFLICT (key) DO NOTHING RETURNING key
"""

# Forgets those of these keys that no more than `most` leads hold; returns them.
FORGET_COMMON_VALUES = """
DELETE FROM leads_commonvalue AS known WHERE key = ANY(%(keys)s) AND NOT counts AND %(most)s >= (
    SELECT count(*) FROM (
        SELECT FROM leads_identitykey AS own WHERE own.key = known.key LIMIT %(most)s + 1) AS held)
RETURNING key
"""

# Whoever holds one of these keys is judged anew.
MARK_HOLDERS = """
INSERT INTO leads_duplicatemark (lead_id)
SELECT DISTINCT lead_id FROM leads_identitykey WHERE key = ANY(%(keys)s) ORDER BY lead_id LIMIT %(most)s
"""

# Takes the marks of leads whose likeness is to be judged, the oldest first; returns the leads.
TAKE_DUPLICATE_MARKS = """
DELETE FROM leads_duplicatemark WHERE id IN (
    SELECT id FROM leads_duplicatemark ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING lead_id
"""

# Proposes pairs, or corrects what is proposed. A pair that somebody called two people is proposed again only where it
# has a value in common that it did not have then. Reasons, grounds and evidence come as JSON.
PROPOSE_DUPLICATES = """
INSERT INTO leads_duplicate AS known
    (first_id, second_id, sureness, finding, probability, reasons, grounds, evidence, "group", group_sureness, state,
     found_at)
SELECT first, second, sureness, finding, probability, ARRAY(SELECT jsonb_array_elements_text(reasons::jsonb)),
    grounds::jsonb, ARRAY(SELECT jsonb_array_elements_text(evidence::jsonb)), first, sureness, 'open', %(now)s
FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(sureness)s::smallint[], %(findings)s::text[],
            %(probabilities)s::float8[], %(reasons)s::text[], %(grounds)s::text[], %(evidence)s::text[])
    AS given(first, second, sureness, finding, probability, reasons, grounds, evidence)
ORDER BY first, second
ON CONFLICT (first_id, second_id) DO UPDATE SET
    sureness = excluded.sureness, finding = excluded.finding, probability = excluded.probability,
    reasons = excluded.reasons, grounds = excluded.grounds, evidence = excluded.evidence,
    state = CASE WHEN known.state IN ('different', 'related') THEN 'open' ELSE known.state END
WHERE known.state NOT IN ('different', 'related') OR NOT excluded.evidence <@ known.evidence
"""

# The pairs of one of these leads that wait for a decision, with the group that each is in.
PAIRS_OF_LEADS = """
SELECT id, first_id, second_id, state, sureness, "group", group_sureness FROM leads_duplicate
WHERE first_id = ANY(%(leads)s::bigint[]) AND state IN ('open', 'later')
UNION
SELECT id, first_id, second_id, state, sureness, "group", group_sureness FROM leads_duplicate
WHERE second_id = ANY(%(leads)s::bigint[]) AND state IN ('open', 'later')
"""

# Names the groups of pairs.
NAME_PAIRS = """
UPDATE leads_duplicate AS pair SET "group" = named."group", group_sureness = named.sureness
FROM unnest(%(pairs)s::bigint[], %(groups)s::bigint[], %(sureness)s::smallint[]) AS named(id, "group", sureness)
WHERE pair.id = named.id
"""

# Empties what says who these leads are; of their own attributes only those of the codes `kept` stay.
EMPTY_LEADS = """
UPDATE leads_lead SET email = '', other_emails = '{}', external_id = '', name = '', kana = '', title = '',
    department = '', phone = '', consent = false, owner_id = NULL, erased_at = %(now)s, updated_at = %(now)s,
    custom = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(custom) WHERE key = ANY(%(kept)s))
WHERE id = ANY(%(ids)s)
"""

# The same of their history; takes the codes and the leads: what lifts the guard of a history knows no named parameters.
EMPTY_LEAD_HISTORY = """
UPDATE leads_leadevent SET email = '', other_emails = '{}', external_id = '', name = '', kana = '', title = '',
    department = '', phone = '',
    custom = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(custom) WHERE key = ANY(%s))
WHERE pgh_obj_id = ANY(%s)
"""

# Takes the names and addresses of leads out of the history of those that they were once merged into, not any more.
# Takes the leads, their addresses, external ids, names and telephone numbers.
EMPTY_FORMER_MERGES = """
UPDATE leads_leadevent SET
    email = CASE WHEN email = ANY(gone.emails) THEN '' ELSE email END,
    other_emails = ARRAY(SELECT one FROM unnest(other_emails) AS one WHERE one <> ALL (gone.emails)),
    external_id = CASE WHEN external_id = ANY(gone.external_ids) THEN '' ELSE external_id END,
    name = CASE WHEN name = ANY(gone.names) THEN '' ELSE name END,
    kana = CASE WHEN kana = ANY(gone.names) THEN '' ELSE kana END,
    phone = CASE WHEN phone = ANY(gone.phones) THEN '' ELSE phone END
FROM (SELECT %s::bigint[] AS ids, %s::text[] AS emails, %s::text[] AS external_ids, %s::text[] AS names,
             %s::text[] AS phones) AS gone
WHERE pgh_obj_id IN (SELECT kept_id FROM leads_merge WHERE merged_id = ANY(gone.ids) AND undone_at IS NOT NULL)
    AND pgh_obj_id <> ALL (gone.ids)
"""

# Takes the texts out of the activities of leads. What stays of their properties: our own readings of a text, as codes,
# and what the type of the activity says is a number, a date or a yes. `objects` become `instead`, place by place.
EMPTY_ACTIVITIES = """
UPDATE leads_activity AS activity SET
    properties = (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(activity.properties)
        WHERE key = ANY(%(readings)s) OR type.property_types ->> key IN ('number', 'boolean', 'date')
            AND (jsonb_typeof(value) IN ('number', 'boolean') OR value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')),
    object = coalesce((%(instead)s::text[])[array_position(%(objects)s::text[], activity.object::text)], object)
FROM leads_activitytype AS type
WHERE type.id = activity.type_id AND activity.lead_id = ANY(%(ids)s)
"""

# A key may have been made of an address: from now on it is the activity's number.
EMPTY_ACTIVITY_KEYS = """
UPDATE leads_activitykey AS known SET key = 'erased:' || known.activity_id
FROM leads_activity AS activity
WHERE activity.lead_id = ANY(%(ids)s) AND activity.id = known.activity_id
    AND activity.occurred_at = known.occurred_at
"""

# Of leads whose data was erased, removes the activities with a key of their own: they were on their way meanwhile.
REMOVE_LATE_ACTIVITIES = """
WITH late AS MATERIALIZED (
    SELECT known.id AS key_id, activity.id, activity.occurred_at
    FROM leads_activity AS activity
    JOIN leads_activitykey AS known
        ON known.activity_id = activity.id AND known.occurred_at = activity.occurred_at
    WHERE activity.lead_id = ANY(%(ids)s) AND NOT starts_with(known.key, 'erased:')
), gone AS (
    DELETE FROM leads_activitykey WHERE id IN (SELECT key_id FROM late)
)
DELETE FROM leads_activity AS activity USING late
WHERE activity.id = late.id AND activity.occurred_at = late.occurred_at
"""

# Give the oldest rows without a number the numbers after `last`.
NUMBER_ROWS = """
UPDATE {table} AS one SET feed_number = %(last)s + fresh.place
FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS place
    FROM (SELECT id FROM {table} WHERE feed_number IS NULL ORDER BY id LIMIT %(limit)s) AS oldest
) AS fresh
WHERE one.id = fresh.id"""
