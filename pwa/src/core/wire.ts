import type { Provisional } from './provisional'
import type { PhotoIn, Receipt, Routes as Described } from './routes'

/** The server's own description (routes.ts, generated); what it does not describe yet is taken from provisional.ts. */
export type Routes = Described & Omit<Provisional, keyof Described>
export type { Receipt }
/** A photo as a record lists it. */
export type PhotoListing = PhotoIn
export type Stage = PhotoIn['stage']
