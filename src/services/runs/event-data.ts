import { type RawBuilder, sql } from "kysely"
import { CONTENT_MEMBERS, CONTENT_MEMBERS_OF } from "../../domain/run-event-query.ts"

/** Any other member is given as its size, too, from so many bytes on: no event is a megabyte. */
const LARGEST_MEMBER = 16 * 1024

/** Whether the member `key` is content that users wrote, in an event of this type. */
const isContent = sql`(key = any(${[...CONTENT_MEMBERS]}::text[]) or ${sql.join(
  Object.entries(CONTENT_MEMBERS_OF).map(
    ([type, members]) => sql`type = ${type} and key = any(${[...members]}::text[])`,
  ),
  sql` or `,
)})`

/**
 * An event's data without content, computed by the server: each such member is an object with its size in bytes, that of the
 * text or, for other values, of the JSON. Data that is no object is its size.
 */
export const dataWithoutContent: RawBuilder<unknown> = sql`case when jsonb_typeof(data_json) <> 'object'
  then jsonb_build_object('bytes', octet_length(data_json::text))
  else (
    select coalesce(jsonb_object_agg(key, case
      when bytes > ${LARGEST_MEMBER} or bytes is not null and ${isContent} then jsonb_build_object('bytes', bytes)
      else value end), '{}')
    from jsonb_each(data_json), lateral (select octet_length(value #>> '{}') as bytes) as size
  ) end`
