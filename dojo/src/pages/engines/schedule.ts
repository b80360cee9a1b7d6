/** Schedules that can be picked; any other one is written as in cron. */
export const schedules = [
  { value: '', label: 'Only when I press the button' },
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 */6 * * *', label: 'Every six hours' },
  { value: '0 3 * * *', label: 'Every night at 3:00 UTC' },
  { value: '0 3 * * 0', label: 'Every Sunday at 3:00 UTC' },
]

/** A schedule in words, within a sentence. */
export function inWords(schedule: string | null): string {
  if (schedule === null) return 'trained by hand'
  const known = schedules.find(({ value }) => value === schedule)
  return known === undefined ? `trained by the schedule “${schedule}” (UTC)` : `trained ${known.label.charAt(0).toLowerCase()}${known.label.slice(1)}`
}
