import type { PhotoIn, Receipt, Routes } from './routes'

/** The server's own description (routes.ts is generated), with the names that the phone uses for it. */
export type { Receipt, Routes }
/** A photo as a record lists it. */
export type PhotoListing = PhotoIn
export type Stage = PhotoIn['stage']
