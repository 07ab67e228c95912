import { join } from 'node:path'
import type { Config } from '../../gateway/config/config.ts'
import { type ApprovingPeople, makePeople } from './approving-people.ts'
import { runCommand } from './run-command.ts'
import { startTestGateway, type TestGateway } from './start-gateway.ts'

/** A gateway with people who approve, over its admin listener. */
export type ApprovingGateway = TestGateway & {
  readonly people: ApprovingPeople
  /** `veilgate …` by this person. */
  by(person: string, ...args: string[]): ReturnType<typeof runCommand>
}

export type ApprovingOptions = {
  readonly directory: string
  readonly upstream: string
  readonly policies: Readonly<Record<string, string>>
  readonly config?: Partial<Config>
}

/** `known`: people of an earlier start in the same folder. */
export async function startApproving(
  { config, ...options }: ApprovingOptions,
  known?: ApprovingPeople,
): Promise<ApprovingGateway> {
  const people = known ?? (await makePeople(join(options.directory, 'people')))
  const { approvers, requesters } = people
  const gateway = await startTestGateway({
    ...options,
    config: { approvers, requesters, admin: { host: '127.0.0.1', port: 0 }, ...config },
  })
  const admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  return {
    ...gateway,
    people,
    by: (person, ...args) => runCommand([...args, '--key', people.keyOf(person), '--admin', admin]),
  }
}
