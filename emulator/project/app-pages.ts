import { join } from 'node:path'
import * as z from 'zod'
import { ProjectError, readJsonFile } from './json-file.ts'

const appJson = z.object({
  pages: z.array(z.string()).default([]),
  subPackages: z.array(z.object({ root: z.string(), pages: z.array(z.string()) })).default([]),
  subpackages: z.array(z.object({ root: z.string(), pages: z.array(z.string()) })).default([]),
})

/** The pages of the project's mini program, sub-packages included; undefined when it has none that can be read. */
export function readAppPages(miniProgramDir: string): string[] | undefined {
  try {
    const app = readJsonFile(join(miniProgramDir, 'app.json'), appJson)
    if (!app) return undefined
    const inPackages = [...app.subPackages, ...app.subpackages].flatMap(({ root, pages }) =>
      pages.map((page) => `${root.replace(/\/$/, '')}/${page}`),
    )
    return [...app.pages, ...inPackages]
  } catch (error) {
    // Its own tools tell what is wrong with it; here it only means that no page can be checked.
    if (error instanceof ProjectError) return undefined
    throw error
  }
}
