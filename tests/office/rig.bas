Option Explicit

' What the tests have the office suite do, in one start of it: open each file of a list, compute a workbook's formulas
' again, and store the document in every format that is asked for.
'
' A line of the list: the address of the file, then pairs of a filter's name and the address to store to, all parted by
' tabs. What went wrong is told in a file beside the list, which is there in any case once the work is done.
Sub Work(list As String)
	Dim files, lines, told, line As String, wrong As String
	files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
	lines = createUnoService("com.sun.star.io.TextInputStream")
	lines.setInputStream(files.openFileRead(list))
	lines.setEncoding("UTF-8")
	wrong = ""
	Do While Not lines.isEOF()
		line = lines.readLine()
		If line <> "" Then wrong = wrong & Stored(Split(line, Chr(9)))
	Loop
	lines.closeInput()
	told = createUnoService("com.sun.star.io.TextOutputStream")
	told.setOutputStream(files.openFileWrite(list & ".told"))
	told.setEncoding("UTF-8")
	told.writeString(wrong)
	told.closeOutput()
	StarDesktop.terminate()
End Sub

' Stores one document; what went wrong, or nothing.
Function Stored(parts) As String
	On Error Goto Failed
	Dim hidden(0) As New com.sun.star.beans.PropertyValue
	Dim filter(0) As New com.sun.star.beans.PropertyValue
	Dim document, place As Integer
	hidden(0).Name = "Hidden"
	hidden(0).Value = True
	document = StarDesktop.loadComponentFromURL(parts(0), "_blank", 0, hidden())
	If document.supportsService("com.sun.star.sheet.SpreadsheetDocument") Then document.calculateAll()
	filter(0).Name = "FilterName"
	For place = 1 To UBound(parts) - 1 Step 2
		filter(0).Value = parts(place)
		document.storeToURL(parts(place + 1), filter())
	Next
	document.close(True)
	Stored = ""
	Exit Function
Failed:
	Stored = parts(0) & ": " & Error$ & Chr(10)
End Function
