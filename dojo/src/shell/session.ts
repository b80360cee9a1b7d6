import { useQuery } from '@tanstack/react-query'
import { call } from '../api/client'

export const roles = ['viewer', 'editor', 'administrator'] as const
export type Role = (typeof roles)[number]

export interface Session {
  signed_in: boolean
  name?: string
  role?: Role
}

/** What a role may do, in words. */
export const roleLook: Record<Role, { label: string; note: string }> = {
  viewer: { label: 'Viewer', note: 'Sees everything but the keys, and changes nothing' },
  editor: { label: 'Editor', note: 'Works on data, engines and search, and sees the keys' },
  administrator: { label: 'Administrator', note: 'Also replaces keys, restores backups, sets the retention, and decides who comes in' },
}

/** The role holds as long as the page: whoever gets another one is signed out by the server. */
let present: Role | undefined

export const sessionQuery = {
  queryKey: ['session'],
  queryFn: async () => {
    const session = await call<Session>('session')
    present = session.role
    return session
  },
  staleTime: Number.POSITIVE_INFINITY,
}

export const useSession = () => useQuery(sessionQuery)

/** Notes who signed in, or that nobody is. */
export function noteSession(session: Session): Session {
  present = session.role
  return session
}

/** Whether the person at the screen may do what this role may. The server decides; this only keeps us from offering in vain. */
export const may = (least: Role) => roles.indexOf(present ?? 'viewer') >= roles.indexOf(least)

/** What stands beside something that the role does not reach. */
export const needs = (least: Role) => `This needs the role ${roleLook[least].label.toLowerCase()}; ask an administrator.`
