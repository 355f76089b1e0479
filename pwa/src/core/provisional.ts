// Routes that the server does not describe yet, in the form of routes.ts. A route written there wins; the last line here goes when all are.
type Named = { id: string; name: string }
type Stored = { id: string; digest: string; state: 'stored' | 'held'; held_reason: string | null; labels: string[]; photos: { id: string; digest: string; state: 'awaited' | 'stored' | 'refused' }[]; received_at: string; server_time: string; replayed: boolean }
type PhotoIn = { id: string; digest: string; bytes: number; stage: 'before' | 'progress' | 'after' }
type PhotoShown = { id: string; stage: string; state: string }
type Made = { made_at: string; seq: number; salt: string }
type Person = { id: string; name: string; rank_tier: 'county' | 'section' | 'other' | null; area_path: string; branch: Named | null; posting_id: string | null }
type Posting = { id: string; secretary: Named; host_unit: Named & { kind: 'community' | 'enterprise' }; sending_unit: Named; branch: Named; area_path: string; dispatch_level: 'city' | 'county'; cohort: number; start_on: string; end_on: string | null; ended_on: string | null; state: 'active' | 'ended'; etag: string }
type PostingIn = Made & { secretary_id: string; host_unit_id: string; sending_unit_id: string; branch_id: string; dispatch_level: 'city' | 'county'; cohort: number; start_on: string; end_on: string | null }
type PostingEndIn = Made & { posting_id: string; ended_on: string; reason: 'term' | 'recall' | 'transfer' | 'other'; note: string; successor_posting_id: string | null }
type IssueState = 'registered' | 'in_progress' | 'resolved'
type Contact = { name: string; phone: string; door: string }
type IssueIn = Made & { posting_id: string; visit_id: string | null; category: string; what: string; more: string; place_words: string; contact: (Contact & { consent: true }) | null; photos: PhotoIn[] }
type Action = { id: string; by: Named; note: string; state: IssueState | null; agenda: boolean; made_at: string; received_at: string; labels: string[]; photos: PhotoShown[] }
type ActionIn = Made & { issue_id: string; note: string; state: IssueState | null; agenda: boolean; photos: PhotoIn[] }
type Issue = { id: string; posting_id: string; visit_id: string | null; secretary: Named; host_unit: Named; category: string; category_name: string; what: string; more: string; place_words: string; state: IssueState; has_contact: boolean; agenda: boolean; made_at: string; received_at: string; due_on: string; due_at: string; due_words: string; overdue: boolean; labels: string[]; held_reason: string | null; photos: PhotoShown[]; digest: string; actions?: Action[] }
type MeetingKind = 'monthly_branch' | 'quarterly_observation' | 'property_joint' | 'owners_forum'
type MeetingIn = Made & { kind: MeetingKind; title: string; place_words: string; starts_at: string; ends_at: string }
type Meeting = { id: string; kind: MeetingKind; title: string; place_words: string; branch: Named; starts_at: string; ends_at: string; state: 'planned' | 'open' | 'closed' | 'cancelled'; expected: number; present: number; mine: { state: 'present' | 'provisional' | 'held'; way: string; at: string } | null; hosting: boolean; code: string; digest: string; labels: string[] }
type Attendance = { expected: number; present: number; people: { person: Named; state: 'absent' | 'present' | 'provisional'; way: string | null; at: string | null; labels: string[] }[]; held: { checkin_id: string; person: Named; held_reason: string; at: string }[] }
type CheckinIn = Made & { meeting_id: string | null; way: 'scan' | 'host_scan' | 'tick' | 'undo'; code: string | null; person_id: string | null; claim: string | null; note?: string }
type Reminder = { id: string; kind: 'meeting_day_before' | 'meeting_hour_before' | 'issue_due'; title: string; body: string; link: string; about_id: string; at: string; expires_at: string; expired: boolean; seen: boolean }
type Id = { id: string }
type Page = { cursor?: string; limit?: number }
type List<T> = { items: T[]; next: string | null }
type Get<P, Q, T> = { path: P; query: Q; body: undefined; out: T }
type Put<B, T = Stored> = { path: Id; query: undefined; body: B; out: T }

export interface Provisional {
  'GET /api/about': Get<undefined, undefined, { host_unit: string; filing_number: string | null; trial: boolean; version: string; privacy: { title: string; text: string }[]; contact: string }>
  'PUT /api/feedback/{id}': Put<{ text: string; contact: string; made_at?: string }, { id: string; received_at: string }>
  'GET /api/feedback': Get<undefined, Page, List<{ id: string; text: string; contact: string; received_at: string }>>
  'GET /api/categories': Get<undefined, undefined, { items: { code: string; name: string; children?: { code: string; name: string }[] }[] }>
  'GET /api/areas': Get<undefined, undefined, { items: { path: string; code: string; name: string; kind: string }[] }>
  'GET /api/people': Get<undefined, Page & { q?: string }, List<Person>>
  'GET /api/branches': Get<undefined, Page, List<{ id: string; name: string; area_path: string; level: 'city' | 'county'; members: number }>>
  'GET /api/host-units': Get<undefined, Page & { kind?: 'community' | 'enterprise'; covered?: boolean; q?: string }, List<{ id: string; name: string; kind: 'community' | 'enterprise'; area_path: string; code: string | null; secretaries: number }>>
  'GET /api/sending-units': Get<undefined, Page, List<{ id: string; name: string; category: string; area_path: string }>>
  'GET /api/postings': Get<undefined, Page & { state?: 'active' | 'ended'; q?: string }, List<Posting>>
  'GET /api/postings/{id}': Get<Id, undefined, Posting>
  'PUT /api/postings/{id}': Put<PostingIn>
  'PUT /api/posting-ends/{id}': Put<PostingEndIn>
  'GET /api/issues': Get<undefined, Page & { state?: 'open' | IssueState; posting_id?: string; q?: string }, List<Issue>>
  'GET /api/issues/{id}': Get<Id, undefined, Issue>
  'PUT /api/issues/{id}': Put<IssueIn>
  'GET /api/issues/count': Get<undefined, undefined, { open: number; resolved: number; as_of: string }>
  'PUT /api/issue-actions/{id}': Put<ActionIn>
  'GET /api/issue-actions': Get<undefined, Page & { issue_id?: string }, List<Action>>
  'PUT /api/contact-reveals/{id}': Put<Made & { issue_id: string; reason: string }, Stored & { contact: Contact }>
  'GET /api/meetings': Get<undefined, Page & { from?: string; until?: string }, List<Meeting>>
  'GET /api/meetings/{id}': Get<Id, undefined, Meeting>
  'PUT /api/meetings/{id}': Put<MeetingIn>
  'GET /api/meetings/{id}/attendance': Get<Id, undefined, Attendance>
  'PUT /api/meeting-actions/{id}': Put<Made & { meeting_id: string; do: 'open' | 'close' | 'cancel' }>
  'PUT /api/displays/{id}': Put<Made & { meeting_id: string }, Stored & { display: string; meeting_code: string; key: string; prefix: string; slot_seconds: number }>
  'PUT /api/checkins/{id}': Put<CheckinIn, Stored & { already: boolean; at: string }>
  'POST /api/claims': { path: undefined; query: undefined; body: { code: string }; out: { claim: string; meeting: { id: string; title: string }; expires_at: string } }
  'GET /api/reminders': Get<undefined, Page, List<Reminder>>
  'PUT /api/reminders/{id}/seen': Put<{ seen: true }, undefined>
}
