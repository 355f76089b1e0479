// Written by `make types` from docs/openapi.json: do not edit.

export type AboutOut = {
  host_unit: string
  filing_number: string | null
  trial: boolean
  version: string
  contact: string
  privacy: PrivacyOut[]
}

export type AccountIn = {
  username: string
  name: string
  roles: ("secretary" | "branch_lead" | "sending_unit_officer" | "host_officer" | "organizer" | "discipline_officer" | "administrator")[]
  area_path?: "/3713/" | "/3713/371302/" | "/3713/371311/" | "/3713/371312/" | "/3713/371321/" | "/3713/371322/" | "/3713/371323/" | "/3713/371324/" | "/3713/371325/" | "/3713/371326/" | "/3713/371327/" | "/3713/371328/" | "/3713/371329/" | "/3713/371371/" | "/3713/371372/" | "/3713/371373/" | null
  branch_id?: string | null
  host_unit_id?: string | null
  sending_unit_id?: string | null
  disabled?: boolean
}

export type AccountOut = {
  id: string
  username: string
  name: string
  roles: string[]
  area_path: string
  branch_id: string | null
  host_unit_id: string | null
  sending_unit_id: string | null
  activated: boolean
  disabled: boolean
  etag: string
}

export type AccountPage = {
  items: AccountOut[]
  next: string | null
}

export type ActionIn = {
  made_at: string
  seq: number
  salt: string
  issue_id: string
  note: string
  state?: "registered" | "in_progress" | "resolved" | null
  agenda?: boolean
  photos?: PhotoIn[]
}

export type ActionOut = {
  id: string
  issue_id: string
  by: Named
  note: string
  state: "registered" | "in_progress" | "resolved" | null
  agenda: boolean
  made_at: string
  received_at: string
  labels: string[]
  held_reason: string | null
  returned: string | null
  photos: PhotoBrief[]
  digest: string
}

export type ActionPage = {
  items: ActionOut[]
  next: string | null
}

export type Activation = {
  code: string
  password: string
}

export type ActivationCodeIn = {
  account_id: string
}

export type ActivationCodeOut = {
  code: string
  url: string
  svg: string
  expires_at: string
}

export type AddressIn = {
  channel: "web_push" | "webhook" | "email"
  value: string
  label: string
}

export type AddressOut = {
  id: string
  channel: string
  words: string
  label: string
  on: boolean
  broken: string | null
}

export type AddressPage = {
  items: AddressOut[]
  next: string | null
}

export type AreaPage = {
  items: ListedArea[]
  next: string | null
}

export type AttendanceOut = {
  expected: number
  present: number
  people: Expected[]
  held: Held[]
}

export type BatchIn = {
  items: ItemIn[]
}

export type BatchOut = {
  results: ItemOut[]
}

export type Bells = {
  waiting: number
  rung: number
  unsure: number
  failed: number
  expired: number
}

export type BindingIn = {
  ticket: string
  username?: string
  activation_code?: string
  password: string
}

export type Board = {
  year: number
  as_of: string
  columns: string[]
  totals: Cell[]
  items: BoardRow[]
  next: string | null
}

export type BoardRow = {
  unit: Named
  postings: number
  cells: Cell[]
}

export type BranchOut = {
  id: string
  name: string
  area_path: string
  level: "city" | "county"
  members: number
}

export type BranchPage = {
  items: BranchOut[]
  next: string | null
}

export type Catalogue = {
  items: Group[]
}

export type Cell = {
  period: string
  owed: number
  done: number
  overdue: number
}

export type ChannelOut = {
  channel: string
  words: string
  ready: boolean
  vapid_key: string | null
  template_id: string | null
}

export type ChannelPage = {
  items: ChannelOut[]
  next: string | null
}

export type CheckinIn = {
  made_at: string
  seq: number
  salt: string
  meeting_id?: string | null
  way: "scan" | "host_scan" | "tick" | "undo"
  code?: string | null
  claim?: string | null
  person_id?: string | null
  note?: string
}

export type CheckinOut = {
  id: string
  meeting_id: string
  person: Named
  by: Named
  way: "scan" | "host_scan" | "tick" | "undo"
  at: string
  note: string
  made_at: string
  received_at: string
  labels: string[]
  state: "stored" | "held"
  held_reason: string | null
  returned: string | null
  digest: string
}

export type CheckinPage = {
  items: CheckinOut[]
  next: string | null
}

export type CheckinReceipt = {
  id: string
  digest: string
  state: "stored" | "held"
  held_reason: string | null
  labels: string[]
  photos: PhotoState[]
  received_at: string
  server_time: string
  replayed: boolean
  already: boolean
  at: string | null
}

export type Choice = {
  kind: string
  words: string
  rings: boolean
  default: boolean
}

export type ChoiceIn = {
  rings: boolean
}

export type ChoicePage = {
  items: Choice[]
  next: string | null
}

export type ClaimIn = {
  code: string
}

export type ClaimOut = {
  claim: string
  meeting: MeetingBrief
  expires_at: string
  server_time: string
}

export type CodeIn = {
  code: string
}

export type Contact = {
  name: string
  phone: string
  door: string
}

export type ContactIn = {
  name?: string
  phone?: string
  door?: string
  consent: true
}

export type Count = {
  count: number
  as_of: string
}

export type DecisionIn = {
  made_at: string
  seq: number
  salt: string
  path: string
  verdict: "accept" | "return"
  words?: string
}

export type DeliveryOut = {
  id: string
  begun_at: string
  ended_at: string | null
  channel: string
  words: string
  outcome: string | null
  code: string
  detail: string
  person: Named
}

export type DeliveryPage = {
  items: DeliveryOut[]
  next: string | null
}

export type DeviceIn = {
  unsent: number
  oldest_at?: string | null
  version?: string
  storage?: "persisted" | "best_effort" | "unknown"
  free?: number | null
  evicted?: number
}

export type DeviceOut = {
  id: string
  person: Named
  unsent: number
  oldest_at: string | null
  version: string
  storage: string
  free: number | null
  evicted: number
  reported_at: string
}

export type DevicePage = {
  items: DeviceOut[]
  next: string | null
}

export type DisplayIn = {
  made_at: string
  seq: number
  salt: string
  meeting_id: string
}

export type DisplayReceipt = {
  id: string
  digest: string
  state: "stored" | "held"
  held_reason: string | null
  labels: string[]
  photos: PhotoState[]
  received_at: string
  server_time: string
  replayed: boolean
  display: string
  meeting_code: string
  key: string
  prefix: string
  slot_seconds: number
}

export type DutyOut = {
  duty: string
  title: string
  holder: "sending_unit" | "branch" | "organizer"
  can_note: boolean
  by: string[]
  by_words: string
  confidential: boolean
  period: string
  period_words: string
  due_on: string
  owed: number
  done: number
  state: "done" | "due" | "overdue"
  subjects: Subject[]
}

export type DutyPage = {
  items: DutyOut[]
  next: string | null
  as_of: string
}

export type Entered = {
  person: PersonOut | null
  ticket: string | null
}

export type Error = {
  code?: number
  status?: string
  message?: string
  errors?: Record<string, unknown>
}

export type Expected = {
  person: Named
  state: "absent" | "present" | "provisional"
  way: "scan" | "host_scan" | "tick" | "undo" | null
  at: string | null
  labels: string[]
}

export type FeedOut = {
  url: string | null
}

export type FeedbackIn = {
  text: string
  contact?: string
  made_at?: string
  seq?: number
  salt?: string
}

export type FeedbackOut = {
  id: string
  received_at: string
  text: string
  contact: string
}

export type FeedbackPage = {
  items: FeedbackOut[]
  next: string | null
}

export type FeedbackReceipt = {
  id: string
  received_at: string
}

export type FindingOut = {
  level: "ok" | "warn" | "bad"
  what: string
  advice: string
}

export type Fulfilled = {
  id: string
  title: string
  held_on: string
}

export type FulfilledPage = {
  items: Fulfilled[]
  next: string | null
}

export type FulfilmentIn = {
  made_at: string
  seq: number
  salt: string
  duty: string
  posting_ids: string[]
  held_on: string
  leader_id?: string | null
  notes?: string
  photos?: PhotoIn[]
}

export type FulfilmentOut = {
  id: string
  duty: string
  title: string
  held_on: string
  leader_id: string | null
  leader_name: string
  leader_post: string
  notes: string
  counts: boolean
  labels: string[]
  postings: Whom[]
  photos: PhotoBrief[]
  voided: boolean
  void_reason: string | null
  mine: boolean
  can_void: boolean
  made_at: string
  digest: string
}

export type FulfilmentPage = {
  items: FulfilmentOut[]
  next: string | null
}

export type FulfilmentVoidIn = {
  made_at: string
  seq: number
  salt: string
  reason: string
}

export type GrantIn = {
  template_id: string
}

export type Group = {
  code: string
  name: string
  children: Kind[]
}

export type Health = {
  status: string
  database: string
  version: string
}

export type Held = {
  checkin_id: string
  person: Named
  held_reason: string
  at: string
}

export type HeldByPhone = {
  path: string
  digest: string
}

export type HeldOut = {
  path: string
  kind: string
  person: Named
  held_reason: string
  made_at: string
  received_at: string
  summary: string
}

export type HeldPage = {
  items: HeldOut[]
  next: string | null
}

export type HostUnitBrief = {
  id: string
  name: string
  kind: "community" | "enterprise"
}

export type HostUnitOut = {
  id: string
  name: string
  kind: "community" | "enterprise"
  area_path: string
  code: string | null
  secretaries: number
  place: Point | null
}

export type HostUnitPage = {
  items: HostUnitOut[]
  next: string | null
}

export type Inbox = {
  items: ReminderOut[]
  next: string | null
  unseen: number
}

export type IssueCount = {
  open: number
  resolved: number
  as_of: string
}

export type IssueDetail = {
  id: string
  posting_id: string
  visit_id: string | null
  secretary: Named
  host_unit: Named
  category: string
  category_name: string
  what: string
  more: string
  place_words: string
  state: "registered" | "in_progress" | "resolved"
  has_contact: boolean
  agenda: boolean
  made_at: string
  received_at: string
  due_on: string
  due_at: string
  due_words: string
  overdue: boolean
  labels: string[]
  held_reason: string | null
  returned: string | null
  photos: PhotoBrief[]
  digest: string
  actions: ActionOut[]
}

export type IssueIn = {
  made_at: string
  seq: number
  salt: string
  posting_id: string
  visit_id?: string | null
  category: string
  what: string
  more?: string
  place_words?: string
  contact?: ContactIn | null
  photos?: PhotoIn[]
}

export type IssueOut = {
  id: string
  posting_id: string
  visit_id: string | null
  secretary: Named
  host_unit: Named
  category: string
  category_name: string
  what: string
  more: string
  place_words: string
  state: "registered" | "in_progress" | "resolved"
  has_contact: boolean
  agenda: boolean
  made_at: string
  received_at: string
  due_on: string
  due_at: string
  due_words: string
  overdue: boolean
  labels: string[]
  held_reason: string | null
  returned: string | null
  photos: PhotoBrief[]
  digest: string
}

export type IssuePage = {
  items: IssueOut[]
  next: string | null
}

export type ItemIn = {
  method: "PUT"
  path: string
  if_match?: string | null
  body: string
}

export type ItemOut = {
  status: number
  receipt?: Receipt
  problem?: ProblemOut
}

export type JobOut = {
  name: string
  ended_at: string | null
}

export type Kind = {
  code: string
  name: string
}

export type ListedArea = {
  path: string
  name: string
  code: string
  kind: "city" | "county" | "zone"
}

export type MeetingActionIn = {
  made_at: string
  seq: number
  salt: string
  meeting_id: string
  do: "open" | "close" | "cancel"
}

export type MeetingBrief = {
  id: string
  title: string
}

export type MeetingIn = {
  made_at: string
  seq: number
  salt: string
  kind: "monthly_branch" | "quarterly_observation" | "property_joint" | "owners_forum"
  title: string
  place_words?: string
  starts_at: string
  ends_at: string
}

export type MeetingOut = {
  id: string
  kind: "monthly_branch" | "quarterly_observation" | "property_joint" | "owners_forum"
  title: string
  place_words: string
  branch: Named
  starts_at: string
  ends_at: string
  state: "planned" | "open" | "closed" | "cancelled"
  opened_at: string | null
  ended_at: string | null
  expected: number
  present: number
  mine: Mine | null
  hosting: boolean
  code: string
  made_at: string
  received_at: string
  labels: string[]
  digest: string
}

export type MeetingPage = {
  items: MeetingOut[]
  next: string | null
}

export type Mine = {
  state: "present" | "provisional" | "held"
  way: "scan" | "host_scan" | "tick" | "undo"
  at: string
}

export type Named = {
  id: string
  name: string
}

export type OnIn = {
  on: boolean
}

export type PaginationMetadata = {
  total?: number
  total_pages?: number
  first_page?: number
  last_page?: number
  page?: number
  previous_page?: number
  next_page?: number
}

export type PasswordChange = {
  old: string
  new: string
}

export type PersonArea = {
  path: string
  name: string
}

export type PersonBrief = {
  id: string
  name: string
  rank_tier: "county" | "section" | "other" | null
  area_path: string
  posting_id: string | null
  branch: Named | null
  host_unit: HostUnitBrief | null
  sending_unit: Named | null
}

export type PersonOut = {
  id: string
  username: string
  name: string
  roles: string[]
  area: PersonArea | null
  posting: PersonPosting | null
  server_time: string
  version: string
}

export type PersonPage = {
  items: PersonBrief[]
  next: string | null
}

export type PersonPosting = {
  id: string
  host_unit: Named
  branch: Named
}

export type PhotoBrief = {
  id: string
  stage: string
  state: string
}

export type PhotoIn = {
  id: string
  digest: string
  bytes: number
  stage: "before" | "progress" | "after"
}

export type PhotoOut = {
  id: string
  stage: string
  state: string
  record_id: string
  digest: string
  bytes: number
  width: number | null
  height: number | null
}

export type PhotoPage = {
  items: PhotoOut[]
  next: string | null
}

export type PhotoState = {
  id: string
  digest: string
  state: "awaited" | "stored" | "refused"
}

export type PlaceIn = {
  latitude: number
  longitude: number
  accuracy: number
  fixed_at: string
  datum: "wgs84"
}

export type Point = {
  latitude: number
  longitude: number
  datum: "wgs84"
}

export type PostingEndIn = {
  made_at: string
  seq: number
  salt: string
  posting_id: string
  ended_on: string
  reason: "term" | "recall" | "transfer" | "other"
  note?: string
  successor_posting_id?: string | null
}

export type PostingEndOut = {
  id: string
  posting_id: string
  ended_on: string
  reason: "term" | "recall" | "transfer" | "other"
  note: string
  successor_posting_id: string | null
  handed_over: number
  made_at: string
  received_at: string
  digest: string
}

export type PostingEndPage = {
  items: PostingEndOut[]
  next: string | null
}

export type PostingIn = {
  made_at: string
  seq: number
  salt: string
  secretary_id: string
  host_unit_id: string
  sending_unit_id: string
  branch_id: string
  dispatch_level: "city" | "county"
  cohort: string
  start_on: string
  end_on?: string | null
}

export type PostingOut = {
  id: string
  secretary: Named
  host_unit: HostUnitBrief
  sending_unit: Named
  branch: Named
  area_path: string
  dispatch_level: "city" | "county"
  cohort: string
  start_on: string
  end_on: string | null
  ended_on: string | null
  state: "active" | "ended"
  etag: string
}

export type PostingPage = {
  items: PostingOut[]
  next: string | null
}

export type PrivacyOut = {
  title: string
  text: string
}

export type ProblemOut = {
  type: string
  title: string
  status: number
  retry: "never" | "later" | "after_sign_in"
  detail?: string
  fields?: Record<string, unknown>
  digest?: string
}

export type Receipt = {
  id: string
  digest: string
  state: "stored" | "held"
  held_reason: string | null
  labels: string[]
  photos: PhotoState[]
  received_at: string
  server_time: string
  replayed: boolean
}

export type ReconcileIn = {
  items: HeldByPhone[]
}

export type ReconcileOut = {
  lacks: string[]
  server_time: string
}

export type ReminderOut = {
  id: string
  kind: string
  title: string
  body: string
  link: string
  about_id: string
  at: string
  expires_at: string
  expired: boolean
  seen: boolean
  snoozed_until: string | null
}

export type RevealIn = {
  made_at: string
  seq: number
  salt: string
  issue_id: string
  reason: string
}

export type RevealReceipt = {
  id: string
  digest: string
  state: "stored" | "held"
  held_reason: string | null
  labels: string[]
  photos: PhotoState[]
  received_at: string
  server_time: string
  replayed: boolean
  contact: Contact | null
}

export type SeenIn = {
  seen: boolean
}

export type SendingUnitOut = {
  id: string
  name: string
  category: "party_mass" | "government" | "institution" | "enterprise"
  area_path: string
}

export type SendingUnitPage = {
  items: SendingUnitOut[]
  next: string | null
}

export type SignIn = {
  username: string
  password: string
}

export type SnoozeIn = {
  until: string
}

export type Subject = {
  posting_id: string | null
  name: string
  host_unit: string | null
  due_on: string
  owed: number
  done: number
}

export type SystemOut = {
  as_of: string
  version: string
  database: string
  findings: FindingOut[]
  bells: Bells
  jobs: JobOut[]
}

export type TrialIn = {
  address_id: string
}

export type TrialOut = {
  outcome: string
  sentence: string
}

export type UnitBoard = {
  unit: Named
  year: number
  as_of: string
  duties: UnitDuty[]
}

export type UnitDuty = {
  duty: string
  title: string
  cells: Cell[]
}

export type UnitLeaderIn = {
  made_at: string
  seq: number
  salt: string
  sending_unit_id: string
  name: string
  title?: string
  post: "principal" | "personnel" | "business"
  left_on?: string | null
}

export type UnitLeaderOut = {
  id: string
  sending_unit_id: string
  name: string
  title: string
  post: "principal" | "personnel" | "business"
  left_on: string | null
  digest: string
}

export type UnitLeaderPage = {
  items: UnitLeaderOut[]
  next: string | null
}

export type VisitIn = {
  made_at: string
  seq: number
  salt: string
  posting_id: string
  kind: "household" | "enterprise" | "member" | "unit"
  whom?: string
  households?: number | null
  said?: string
  started_at?: string | null
  ended_at?: string | null
  place?: PlaceIn | null
  revisit_on?: string | null
  photos?: PhotoIn[]
}

export type VisitOut = {
  id: string
  posting_id: string
  secretary: Named
  host_unit: Named
  kind: "household" | "enterprise" | "member" | "unit"
  whom: string
  households: number | null
  said: string
  started_at: string | null
  ended_at: string | null
  place: string | null
  revisit_on: string | null
  made_at: string
  received_at: string
  labels: string[]
  state: string
  held_reason: string | null
  returned: string | null
  voided: boolean
  void_reason: string | null
  photos: PhotoBrief[]
  digest: string
}

export type VisitPage = {
  items: VisitOut[]
  next: string | null
}

export type VoidIn = {
  made_at: string
  seq: number
  salt: string
  reason: string
}

export type Ways = {
  wecom_url: string | null
  mini_program: boolean
}

export type Whom = {
  posting_id: string
  secretary: Named
  counts: boolean
}

/** Every route: what its path, query and body take, and what it answers. */
export interface Routes {
  "GET /api/about": {
    path: undefined
    query: undefined
    body: undefined
    out: AboutOut
  }
  "GET /api/accounts": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
    }
    body: undefined
    out: AccountPage
  }
  "GET /api/accounts/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: AccountOut
  }
  "PUT /api/accounts/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: AccountIn
    out: AccountOut
  }
  "PUT /api/activation-codes/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: ActivationCodeIn
    out: ActivationCodeOut
  }
  "POST /api/activations": {
    path: undefined
    query: undefined
    body: Activation
    out: PersonOut
  }
  "GET /api/addresses": {
    path: undefined
    query: undefined
    body: undefined
    out: AddressPage
  }
  "PUT /api/addresses/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: AddressIn
    out: AddressOut
  }
  "DELETE /api/addresses/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: undefined
  }
  "PUT /api/addresses/{id}/on": {
    path: {
      id: string
    }
    query: undefined
    body: OnIn
    out: undefined
  }
  "GET /api/areas": {
    path: undefined
    query: undefined
    body: undefined
    out: AreaPage
  }
  "POST /api/batch": {
    path: undefined
    query: undefined
    body: BatchIn
    out: BatchOut
  }
  "POST /api/bindings": {
    path: undefined
    query: undefined
    body: BindingIn
    out: Entered
  }
  "GET /api/branches": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
    }
    body: undefined
    out: BranchPage
  }
  "GET /api/calendar-feed": {
    path: undefined
    query: undefined
    body: undefined
    out: FeedOut
  }
  "PUT /api/calendar-feed": {
    path: undefined
    query: undefined
    body: undefined
    out: FeedOut
  }
  "DELETE /api/calendar-feed": {
    path: undefined
    query: undefined
    body: undefined
    out: undefined
  }
  "GET /api/calendars/{token}.ics": {
    path: {
      token: string
    }
    query: undefined
    body: undefined
    out: Blob
  }
  "GET /api/categories": {
    path: undefined
    query: undefined
    body: undefined
    out: Catalogue
  }
  "GET /api/channels": {
    path: undefined
    query: undefined
    body: undefined
    out: ChannelPage
  }
  "GET /api/checkins": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      meeting_id?: string
    }
    body: undefined
    out: CheckinPage
  }
  "GET /api/checkins/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: CheckinOut
  }
  "PUT /api/checkins/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: CheckinIn
    out: CheckinReceipt
  }
  "POST /api/claims": {
    path: undefined
    query: undefined
    body: ClaimIn
    out: ClaimOut
  }
  "PUT /api/contact-reveals/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: RevealIn
    out: RevealReceipt
  }
  "PUT /api/decisions/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: DecisionIn
    out: Receipt
  }
  "GET /api/deliveries": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      failed?: boolean
    }
    body: undefined
    out: DeliveryPage
  }
  "GET /api/devices": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
    }
    body: undefined
    out: DevicePage
  }
  "PUT /api/devices/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: DeviceIn
    out: undefined
  }
  "PUT /api/displays/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: DisplayIn
    out: DisplayReceipt
  }
  "DELETE /api/displays/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: undefined
  }
  "GET /api/duties": {
    path: undefined
    query: undefined
    body: undefined
    out: DutyPage
  }
  "GET /api/duty-board": {
    path: undefined
    query: {
      year?: number
      holder?: "sending_unit" | "branch"
      q?: string
    }
    body: undefined
    out: Board
  }
  "GET /api/duty-board/{id}": {
    path: {
      id: string
    }
    query: {
      year?: number
    }
    body: undefined
    out: UnitBoard
  }
  "GET /api/feedback": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
    }
    body: undefined
    out: FeedbackPage
  }
  "PUT /api/feedback/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: FeedbackIn
    out: FeedbackReceipt
  }
  "GET /api/fulfilled": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
    }
    body: undefined
    out: FulfilledPage
  }
  "GET /api/fulfilments": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      duty?: string
      sending_unit_id?: string
    }
    body: undefined
    out: FulfilmentPage
  }
  "GET /api/fulfilments/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: FulfilmentOut
  }
  "PUT /api/fulfilments/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: FulfilmentIn
    out: Receipt
  }
  "PUT /api/fulfilments/{id}/void": {
    path: {
      id: string
    }
    query: undefined
    body: FulfilmentVoidIn
    out: Receipt
  }
  "GET /api/health": {
    path: undefined
    query: undefined
    body: undefined
    out: Health
  }
  "GET /api/held": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
    }
    body: undefined
    out: HeldPage
  }
  "GET /api/host-units": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
      kind?: "community" | "enterprise"
      covered?: boolean
    }
    body: undefined
    out: HostUnitPage
  }
  "GET /api/issue-actions": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      issue_id?: string
    }
    body: undefined
    out: ActionPage
  }
  "GET /api/issue-actions/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: ActionOut
  }
  "PUT /api/issue-actions/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: ActionIn
    out: Receipt
  }
  "GET /api/issues": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      state?: "open" | "registered" | "in_progress" | "resolved"
      posting_id?: string
      q?: string
      lacks_photos?: boolean
    }
    body: undefined
    out: IssuePage
  }
  "GET /api/issues/count": {
    path: undefined
    query: undefined
    body: undefined
    out: IssueCount
  }
  "GET /api/issues/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: IssueDetail
  }
  "PUT /api/issues/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: IssueIn
    out: Receipt
  }
  "PUT /api/meeting-actions/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: MeetingActionIn
    out: Receipt
  }
  "GET /api/meetings": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      from?: string
      until?: string
    }
    body: undefined
    out: MeetingPage
  }
  "GET /api/meetings/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: MeetingOut
  }
  "PUT /api/meetings/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: MeetingIn
    out: Receipt
  }
  "GET /api/meetings/{id}/attendance": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: AttendanceOut
  }
  "PUT /api/message-grants/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: GrantIn
    out: undefined
  }
  "POST /api/mini-program-sessions": {
    path: undefined
    query: undefined
    body: CodeIn
    out: Entered
  }
  "PUT /api/password": {
    path: undefined
    query: undefined
    body: PasswordChange
    out: undefined
  }
  "GET /api/people": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
    }
    body: undefined
    out: PersonPage
  }
  "GET /api/photos": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      record_id?: string
    }
    body: undefined
    out: PhotoPage
  }
  "GET /api/photos/{id}": {
    path: {
      id: string
    }
    query: {
      size?: "320" | "1600"
    }
    body: undefined
    out: Blob
  }
  "PUT /api/photos/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: Blob
    out: Receipt
  }
  "GET /api/posting-ends": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      posting_id?: string
    }
    body: undefined
    out: PostingEndPage
  }
  "GET /api/posting-ends/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: PostingEndOut
  }
  "PUT /api/posting-ends/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: PostingEndIn
    out: Receipt
  }
  "GET /api/postings": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
      state?: "active" | "ended"
      secretary_id?: string
    }
    body: undefined
    out: PostingPage
  }
  "GET /api/postings/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: PostingOut
  }
  "PUT /api/postings/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: PostingIn
    out: Receipt
  }
  "POST /api/reconcile": {
    path: undefined
    query: undefined
    body: ReconcileIn
    out: ReconcileOut
  }
  "GET /api/reminder-choices": {
    path: undefined
    query: undefined
    body: undefined
    out: ChoicePage
  }
  "PUT /api/reminder-choices/{kind}": {
    path: {
      kind: string
    }
    query: undefined
    body: ChoiceIn
    out: undefined
  }
  "GET /api/reminders": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
    }
    body: undefined
    out: Inbox
  }
  "PUT /api/reminders/{id}/seen": {
    path: {
      id: string
    }
    query: undefined
    body: SeenIn
    out: undefined
  }
  "PUT /api/reminders/{id}/snooze": {
    path: {
      id: string
    }
    query: undefined
    body: SnoozeIn
    out: undefined
  }
  "GET /api/sending-units": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      q?: string
      category?: "party_mass" | "government" | "institution" | "enterprise"
    }
    body: undefined
    out: SendingUnitPage
  }
  "GET /api/session": {
    path: undefined
    query: undefined
    body: undefined
    out: PersonOut
  }
  "PUT /api/session": {
    path: undefined
    query: undefined
    body: undefined
    out: undefined
  }
  "POST /api/session": {
    path: undefined
    query: undefined
    body: SignIn
    out: PersonOut
  }
  "DELETE /api/session": {
    path: undefined
    query: undefined
    body: undefined
    out: undefined
  }
  "GET /api/sign-in-ways": {
    path: undefined
    query: {
      state?: string
    }
    body: undefined
    out: Ways
  }
  "GET /api/system": {
    path: undefined
    query: undefined
    body: undefined
    out: SystemOut
  }
  "PUT /api/trials/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: TrialIn
    out: TrialOut
  }
  "GET /api/unit-leaders": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      sending_unit_id?: string
    }
    body: undefined
    out: UnitLeaderPage
  }
  "PUT /api/unit-leaders/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: UnitLeaderIn
    out: Receipt
  }
  "GET /api/visits": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      from?: string
      until?: string
      lacks_photos?: boolean
    }
    body: undefined
    out: VisitPage
  }
  "GET /api/visits/count": {
    path: undefined
    query: undefined
    body: undefined
    out: Count
  }
  "GET /api/visits/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: undefined
    out: VisitOut
  }
  "PUT /api/visits/{id}": {
    path: {
      id: string
    }
    query: undefined
    body: VisitIn
    out: Receipt
  }
  "PUT /api/visits/{id}/void": {
    path: {
      id: string
    }
    query: undefined
    body: VoidIn
    out: Receipt
  }
  "POST /api/wecom-sessions": {
    path: undefined
    query: undefined
    body: CodeIn
    out: Entered
  }
}
