-- The log: one row an event, written once and never changed.
--   pos      position in the whole log, from 1, without gaps
--   rev      number within its stream, from 0; a tombstone has 2^63-1
--   created  ticks of 100 ns since 1970-01-01 UTC
create table eventstore.events (
    pos     bigint  primary key check (pos > 0),
    sid     bigint  not null,
    rev     bigint  not null check (rev >= 0),
    created bigint  not null,
    id      uuid    not null,
    json    boolean not null,
    type    text    collate "C" not null,
    data    bytea   not null,
    meta    bytea   not null,
    unique (sid, rev)
);

-- Bodies are read whole and often hashed: compressing them buys nothing.
alter table eventstore.events alter column data set storage external;
alter table eventstore.events alter column meta set storage external;

-- "Was this event written before?" when the caller names no revision.
create index events_id on eventstore.events (id, sid);

-- Reports by age.
create index events_created on eventstore.events using brin (created);

-- What is known of each stream: a cache of events that can be rebuilt from them.
--   head       number of the last event, -1 before the first
--   tb, max_count, max_age (seconds): visibility, 0 = unset
--   raw_meta   body of the newest metadata event, null before the first
create table eventstore.streams (
    sid       bigint  primary key,
    name      text    collate "C" not null unique,
    head      bigint  not null,
    tomb      boolean not null,
    tb        bigint  not null,
    max_count bigint  not null,
    max_age   bigint  not null,
    raw_meta  bytea
) with (fillfactor = 70); -- room for updates on the same page: head changes with every append

-- Append-only, for everybody: the owner and a superuser meet the triggers too.
create function eventstore.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'eventstore.events is append-only: % refused', tg_op
        using errcode = 'insufficient_privilege';
end $$;

create trigger events_append_only before update or delete or truncate
    on eventstore.events for each statement execute function eventstore.refuse_change();
alter table eventstore.events enable always trigger events_append_only;

-- No gap, once per statement: the first new position follows the last old one.
create function eventstore.refuse_gap() returns trigger language plpgsql as $$
declare
    low bigint; high bigint; added bigint; last bigint;
begin
    select min(pos), max(pos), count(*) into low, high, added from new_events;
    if added = 0 then
        return null;
    end if;
    select pos into last from eventstore.events where pos < low order by pos desc limit 1;
    if low <> coalesce(last, 0) + 1 or high - low + 1 <> added then
        raise exception 'eventstore.events: positions % to % (% rows) do not follow %',
            low, high, added, coalesce(last, 0) using errcode = 'check_violation';
    end if;
    return null;
end $$;

create trigger events_gapless after insert on eventstore.events
    referencing new table as new_events
    for each statement execute function eventstore.refuse_gap();
alter table eventstore.events enable always trigger events_gapless;

-- The service role adds and reads; it cannot change or remove an event.
revoke all on all tables in schema eventstore from public;
grant usage on schema eventstore to jejak_node;
grant select, insert on eventstore.events to jejak_node;
grant select, insert, update on eventstore.streams to jejak_node;
