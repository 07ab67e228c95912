/** The students as the old system hands them to others: a SOAP service, and exports for Excel. */
import type { StudentFile } from './student-files.ts'

const columns: readonly (readonly [header: string, value: (file: StudentFile) => string])[] = [
  ['学号', ({ person }) => person.studentNumber],
  ['姓名', ({ person }) => person.name],
  ['性别', ({ person }) => person.sex],
  ['身份证号', ({ person }) => person.residentId],
  ['手机号', ({ person }) => person.mobile],
  ['学院', ({ person }) => person.college],
  ['校区', ({ campus }) => campus],
  ['家庭住址', ({ person }) => person.address],
  ['备注', ({ person }) => person.remark],
]

/** All students as rows of a table, with its header. */
export function studentRows(files: readonly StudentFile[]): string[][] {
  return [columns.map(([header]) => header), ...files.map(file => columns.map(([, value]) => value(file)))]
}

/** RFC 4180, to be sent in GBK, which Excel takes for granted where Windows is Chinese. */
export function studentCsv(files: readonly StudentFile[]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return studentRows(files)
    .map(row => `${row.map(cell).join(',')}\r\n`)
    .join('')
}

/** A SOAP 1.1 envelope around one student. */
export function studentEnvelope({ rowId, campus, person }: StudentFile): string {
  const guardian = person.guardians[0]!
  return envelope(`<ns1:getStudentResponse xmlns:ns1="http://service.xg.edu.cn/">
<return xsi:type="ns1:student" rowId="${rowId}"><xh>${person.studentNumber}</xh><xm>${person.name}</xm><idCard>${person.residentId}</idCard><csrq>${person.birthDate}</csrq><tel>${person.mobile}</tel><campus>${campus}</campus><guardian><name>${guardian.name}</name><tel>${guardian.mobile}</tel></guardian><remark><![CDATA[${person.remark}]]></remark></return>
</ns1:getStudentResponse>`)
}

/** A fault as its application server wrote it, with the query that failed. */
export function studentFault(asked: string): string {
  return envelope(`<soap:Fault><faultcode>soap:Server</faultcode><faultstring>no such student</faultstring>
<detail><stackTrace>java.lang.IllegalStateException: ${asked.replace(/[<&]/g, '')} at cn.edu.xg.service.StudentService.getStudent(StudentService.java:74)</stackTrace></detail></soap:Fault>`)
}

/** The request that asks for one student, by its place in the list. */
export function studentQuestion(id: number): string {
  return envelope(`<ns1:getStudent xmlns:ns1="http://service.xg.edu.cn/"><id>${id}</id></ns1:getStudent>`)
}

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>${body}</soap:Body></soap:Envelope>`
}
