// Written by `make types` from docs/openapi.json: do not edit.

export type AccountIn = {
  username: string
  name: string
  roles: ("secretary" | "branch_lead" | "sending_unit_officer" | "host_officer" | "organizer" | "discipline_officer" | "administrator")[]
  area_path?: string | null
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

export type AreaOut = {
  path: string
  name: string
}

export type Count = {
  count: number
  as_of: string
}

export type Error = {
  code?: number
  status?: string
  message?: string
  errors?: Record<string, unknown>
}

export type Health = {
  status: string
  database: string
  version: string
}

export type Named = {
  id: string
  name: string
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

export type PersonOut = {
  id: string
  username: string
  name: string
  roles: string[]
  area: AreaOut | null
  server_time: string
  version: string
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

export type SignIn = {
  username: string
  password: string
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
  made_at: string
  received_at: string
  labels: string[]
  state: string
  held_reason: string | null
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

/** Every route: what its path, query and body take, and what it answers. */
export interface Routes {
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
  "GET /api/health": {
    path: undefined
    query: undefined
    body: undefined
    out: Health
  }
  "PUT /api/password": {
    path: undefined
    query: undefined
    body: PasswordChange
    out: undefined
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
  "GET /api/visits": {
    path: undefined
    query: {
      cursor?: string
      limit?: number
      from?: string
      until?: string
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
}
